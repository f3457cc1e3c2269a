import { AppError, type Clock, systemClock } from '@balcao/kernel'
import { JwtVerifier } from 'aws-jwt-verify'
import { SimpleJwksCache, SimplePenaltyBox } from 'aws-jwt-verify/jwk'
import { z } from 'zod'
import type { Config } from '../config/config.ts'
import { fetchSmall } from './fetch-small.ts'
import type { Identity, TokenVerifier } from './token-verifier.ts'

// Cognito's access tokens are about 1 KB; groups make them longer.
const LONGEST_TOKEN = 8192
const REFETCH_SECONDS = 10

/** What we rely on in an access token of a pool (IDENTITY.md, Protocol). Times are seconds since 1970. */
const AccessToken = z.object({
  sub: z.string().min(1),
  username: z.string().min(1),
  client_id: z.string(),
  token_use: z.literal('access'),
  'cognito:groups': z.array(z.string()).default([]),
  auth_time: z.number(),
  exp: z.number(),
  nbf: z.number().optional(),
})

const refused = () => new AppError('unauthenticated', 'auth/invalid_token', 'Invalid authentication credentials')

/** Checks access tokens of the pool `contas` against its published keys. The keys are fetched once; a token that names
 *  another key makes them be fetched again, at most every 10 s, so that made-up keys cost the pool nothing.
 *  `verify` throws AppError `auth/invalid_token` (D2-25), or `auth/keys_unreachable` while the pool does not answer. */
export class PoolTokenVerifier implements TokenVerifier {
  readonly #clients: ReadonlySet<string>
  readonly #verifier

  constructor(
    config: Pick<Config, 'urls' | 'pool'>,
    private readonly clock: Clock = systemClock,
  ) {
    const issuer = `${config.urls.userPool}/${config.pool.id}`
    this.#clients = new Set([config.pool.clientId, config.pool.publicClientId])
    this.#verifier = JwtVerifier.create(
      {
        issuer,
        jwksUri: `${issuer}/.well-known/jwks.json`,
        audience: null, // access tokens have none; client_id is checked below
        graceSeconds: Number.MAX_SAFE_INTEGER, // expiry is checked below, by our clock
        customJwtCheck: ({ header, jwk }) => {
          if (header.alg !== 'RS256' || jwk.kty !== 'RSA') throw refused()
        },
      },
      {
        jwksCache: new SimpleJwksCache({
          fetcher: { fetch: fetchSmall },
          penaltyBox: new SimplePenaltyBox({ waitSeconds: REFETCH_SECONDS }),
        }),
      },
    )
  }

  async verify(accessToken: string): Promise<Identity> {
    if (accessToken.length > LONGEST_TOKEN) throw refused()
    const token = AccessToken.safeParse(await this.#checkSignature(accessToken))
    const now = this.clock.now().getTime() / 1000
    if (!token.success || !this.#clients.has(token.data.client_id)) throw refused()
    if (token.data.exp <= now || (token.data.nbf ?? 0) > now) throw refused()
    return {
      userId: token.data.sub,
      username: token.data.username,
      clientId: token.data.client_id,
      groups: token.data['cognito:groups'],
      authTime: new Date(token.data.auth_time * 1000),
      expiresAt: new Date(token.data.exp * 1000),
    }
  }

  async #checkSignature(accessToken: string): Promise<unknown> {
    try {
      return await this.#verifier.verify(accessToken)
    } catch (error) {
      if (error instanceof AppError) throw error
      throw refused() // why is nobody's business but the pool's
    }
  }
}

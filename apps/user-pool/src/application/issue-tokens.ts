import { randomUUID } from 'node:crypto'
import type { AppClient, Pool } from '../domain/pool.ts'
import type { User } from '../domain/user.ts'
import type { RefreshTokens, TokenFamily } from './refresh-tokens.ts'
import type { TokenSigner } from './token-signer.ts'

/** Cognito's AuthenticationResult. */
export interface AuthenticationResult {
  readonly AccessToken: string
  readonly IdToken: string
  /** Seconds that the access token lives. */
  readonly ExpiresIn: number
  readonly TokenType: 'Bearer'
  readonly RefreshToken?: string
}

/** What a sign-in of this moment begins. */
export function newFamily(client: AppClient, user: User, now: Date): TokenFamily {
  return {
    originJti: randomUUID(),
    clientId: client.id,
    sub: user.sub,
    authTime: now,
    expiresAt: new Date(now.getTime() + client.refreshTokenSeconds * 1000),
  }
}

/** Makes the tokens of a sign-in. */
export class IssueTokens {
  constructor(
    private readonly pool: Pool,
    private readonly signer: TokenSigner,
    private readonly refreshTokens: RefreshTokens,
  ) {}

  /** The tokens of a sign-in that is complete. Joins the caller's transaction. */
  async forSignIn(client: AppClient, user: User, now: Date): Promise<AuthenticationResult> {
    const family = newFamily(client, user, now)
    return { ...this.forFamily(client, user, family, now), RefreshToken: await this.refreshTokens.start(family) }
  }

  /** An access and an id token of a sign-in made earlier; `auth_time` stays when the person signed in. */
  forFamily(client: AppClient, user: User, family: TokenFamily, now: Date): AuthenticationResult {
    const iat = Math.floor(now.getTime() / 1000)
    const both = {
      sub: user.sub,
      iss: this.pool.issuer,
      origin_jti: family.originJti,
      event_id: randomUUID(),
      auth_time: Math.floor(family.authTime.getTime() / 1000),
      iat,
    }
    const access = {
      ...both,
      client_id: client.id,
      token_use: 'access',
      scope: 'aws.cognito.signin.user.admin',
      exp: iat + client.accessTokenSeconds,
      jti: randomUUID(),
      username: user.sub,
    }
    const id = {
      ...user.attributes,
      ...both,
      aud: client.id,
      token_use: 'id',
      exp: iat + client.idTokenSeconds,
      jti: randomUUID(),
      'cognito:username': user.sub,
      email: user.email,
      email_verified: user.emailVerified,
    }
    return {
      AccessToken: this.signer.sign(access),
      IdToken: this.signer.sign(id),
      ExpiresIn: client.accessTokenSeconds,
      TokenType: 'Bearer',
    }
  }
}

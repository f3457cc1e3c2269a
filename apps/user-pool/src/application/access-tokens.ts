import type { Clock } from '@balcao/kernel'
import type { Pool } from '../domain/pool.ts'
import { refusal } from '../domain/refusal.ts'
import type { User } from '../domain/user.ts'
import type { RefreshTokens } from './refresh-tokens.ts'
import type { TokenSigner } from './token-signer.ts'

/** Who a request with an access token speaks for. */
export interface SignedIn {
  readonly user: User
  readonly clientId: string
  readonly originJti: string
  readonly authTime: Date
}

/** Checks access tokens fully: signature, alg, iss, client, token_use, expiry, revocation, the account enabled. */
export class AccessTokens {
  constructor(
    private readonly need: {
      readonly pool: Pool
      readonly signer: TokenSigner
      readonly refreshTokens: RefreshTokens
      readonly clock: Clock
    },
  ) {}

  /** @throws AppError NotAuthorizedException */
  async check(token: string): Promise<SignedIn> {
    const claims = this.need.signer.verified(token)
    const ours =
      claims?.token_use === 'access' &&
      claims.iss === this.need.pool.issuer &&
      this.need.pool.clients.has(String(claims.client_id))
    if (!claims || !ours) throw refusal('NotAuthorizedException', 'Invalid Access Token')
    if (Number(claims.exp) * 1000 <= this.need.clock.now().getTime()) {
      throw refusal('NotAuthorizedException', 'Access Token has expired')
    }
    const originJti = String(claims.origin_jti)
    const user = await this.need.refreshTokens.userOf(originJti)
    if (!user || user.sub !== claims.sub) throw refusal('NotAuthorizedException', 'Access Token has been revoked')
    return { user, originJti, clientId: String(claims.client_id), authTime: new Date(Number(claims.auth_time) * 1000) }
  }
}

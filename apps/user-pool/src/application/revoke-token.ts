import type { Clock } from '@balcao/kernel'
import { refusal } from '../domain/refusal.ts'
import type { AppClients } from './app-clients.ts'
import type { Operation } from './operation.ts'
import type { RefreshTokens } from './refresh-tokens.ts'

interface Input {
  readonly ClientId: string
  readonly ClientSecret?: string
  readonly Token: string
}

/** Ends a sign-in: its refresh tokens and its access tokens. A token that nobody knows is revoked already (RFC 7009 §2.2). */
export class RevokeToken implements Operation<Input> {
  constructor(
    private readonly clients: AppClients,
    private readonly refreshTokens: RefreshTokens,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError NotAuthorizedException, UnauthorizedException, UnsupportedTokenTypeException */
  async run(input: Input) {
    const client = this.clients.bySecret(input.ClientId, input.ClientSecret)
    if (input.Token.includes('.')) throw refusal('UnsupportedTokenTypeException', 'Unsupported token type')
    const owner = await this.refreshTokens.ownerOf(input.Token)
    if (owner && owner.clientId !== client.id) {
      throw refusal('UnauthorizedException', 'The token was issued to another client')
    }
    if (owner) await this.refreshTokens.revoke(owner.originJti, this.clock.now())
    return {}
  }
}

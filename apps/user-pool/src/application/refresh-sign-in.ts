import type { Clock } from '@balcao/kernel'
import type { AppClient } from '../domain/pool.ts'
import { refusal } from '../domain/refusal.ts'
import type { AppClients } from './app-clients.ts'
import { type AuthFlow, type InitiateAuthInput, parameter } from './initiate-auth.ts'
import type { AuthenticationResult, IssueTokens } from './issue-tokens.ts'
import type { RefreshTokens } from './refresh-tokens.ts'

/** REFRESH_TOKEN_AUTH: new tokens for a refresh token that stays the same. Clients that rotate do not have this flow. */
export class RefreshSignIn implements AuthFlow {
  constructor(
    private readonly need: {
      readonly clients: AppClients
      readonly refreshTokens: RefreshTokens
      readonly tokens: IssueTokens
      readonly clock: Clock
    },
  ) {}

  /** @throws AppError NotAuthorizedException */
  async start(client: AppClient, input: InitiateAuthInput): Promise<{ AuthenticationResult: AuthenticationResult }> {
    const token = parameter(input.AuthParameters, 'REFRESH_TOKEN')
    const now = this.need.clock.now()
    const found = await this.need.refreshTokens.lock(token, now)
    if (found?.family.clientId !== client.id) throw refusal('NotAuthorizedException', 'Invalid Refresh Token')
    // The name was not sent, so the hash is over the account's own (Cognito: the `sub` where people sign in by e-mail).
    this.need.clients.bySecretHash(client.id, found.user.sub, input.AuthParameters?.SECRET_HASH)
    return { AuthenticationResult: this.need.tokens.forFamily(client, found.user, found.family, now) }
  }
}

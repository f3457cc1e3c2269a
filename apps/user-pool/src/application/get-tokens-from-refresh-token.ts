import type { Clock } from '@balcao/kernel'
import type { Sql } from '@balcao/platform'
import type { AppClient } from '../domain/pool.ts'
import { refusal } from '../domain/refusal.ts'
import type { AppClients } from './app-clients.ts'
import type { AuthenticationResult, IssueTokens } from './issue-tokens.ts'
import type { Operation } from './operation.ts'
import type { RefreshTokens } from './refresh-tokens.ts'

interface Input {
  readonly ClientId: string
  readonly ClientSecret?: string
  readonly RefreshToken: string
}

const invalidRefreshToken = () => refusal('NotAuthorizedException', 'Invalid Refresh Token')

/** New tokens for a refresh token. Where the client rotates them, also a new refresh token; the old one works for
 *  the grace period on (two tabs, a lost answer), and after that its use means theft: the whole family ends.
 *  Every descendant expires when the first would have. */
export class GetTokensFromRefreshToken implements Operation<Input> {
  constructor(
    private readonly need: {
      readonly clients: AppClients
      readonly transaction: Sql['transaction']
      readonly refreshTokens: RefreshTokens
      readonly tokens: IssueTokens
      readonly clock: Clock
    },
  ) {}

  /** @throws AppError NotAuthorizedException, RefreshTokenReuseException */
  async run(input: Input) {
    const client = this.need.clients.bySecret(input.ClientId, input.ClientSecret)
    const result = await this.need.transaction(() => this.#exchange(client, input.RefreshToken))
    // Thrown outside, so that the revocation is committed.
    if (result === 'reused') {
      throw refusal('RefreshTokenReuseException', 'Refresh token has been invalidated by rotation.')
    }
    return { AuthenticationResult: result }
  }

  async #exchange(client: AppClient, token: string): Promise<AuthenticationResult | 'reused'> {
    const now = this.need.clock.now()
    const found = await this.need.refreshTokens.lock(token, now)
    if (!found || found.family.clientId !== client.id) throw invalidRefreshToken()
    const { family, user, exchangedAt } = found
    const result = this.need.tokens.forFamily(client, user, family, now)
    if (!client.rotation) return result

    if (exchangedAt === undefined) await this.need.refreshTokens.markExchanged(token, now)
    else if (now.getTime() > exchangedAt.getTime() + client.rotation.graceSeconds * 1000) {
      await this.need.refreshTokens.revoke(family.originJti, now)
      return 'reused'
    }
    return { ...result, RefreshToken: await this.need.refreshTokens.issue(family.originJti, now) }
  }
}

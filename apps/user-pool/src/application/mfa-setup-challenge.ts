import type { Clock } from '@balcao/kernel'
import type { Sql } from '@balcao/platform'
import { invalidSession } from '../domain/refusal.ts'
import type { TellPool } from './events.ts'
import type { AuthenticationResult, IssueTokens } from './issue-tokens.ts'
import type { Challenge, ChallengeAnswer } from './respond-to-auth-challenge.ts'
import type { Sessions } from './sessions.ts'

/** MFA_SETUP: the second factor has been proven, which completes the sign-in it was enrolled in. */
export class MfaSetupChallenge implements Challenge {
  constructor(
    private readonly need: {
      readonly transaction: Sql['transaction']
      readonly sessions: Sessions
      readonly tokens: IssueTokens
      readonly tell: TellPool
      readonly clock: Clock
    },
  ) {}

  /** @throws AppError NotAuthorizedException */
  async answer({ client, session, username }: ChallengeAnswer): Promise<AuthenticationResult> {
    const now = this.need.clock.now()
    const result = await this.need.transaction(async () => {
      const binding = { steps: ['MFA_SETUP/finish'] as const, clientId: client.id, username }
      const held = await this.need.sessions.take({ session }, binding, now)
      if (!held) throw invalidSession()
      return this.need.tokens.forSignIn(client, held.user, now)
    })
    await this.need.tell.sign_in({ result: 'ok' })
    return result
  }
}

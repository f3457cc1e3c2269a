import type { Clock } from '@balcao/kernel'
import type { Sql } from '@balcao/platform'
import { attemptsExceeded, invalidSession, refusal, tooManyRequests } from '../domain/refusal.ts'
import { matchingStep } from '../domain/totp.ts'
import type { Attempts } from './attempts.ts'
import { parameter } from './initiate-auth.ts'
import type { AuthenticationResult, IssueTokens } from './issue-tokens.ts'
import type { Challenge, ChallengeAnswer } from './respond-to-auth-challenge.ts'
import type { SessionBinding, Sessions } from './sessions.ts'
import type { SignInEvents } from './sign-in-events.ts'
import type { TotpFactors } from './totp-factors.ts'
import type { Users } from './users.ts'

/** SOFTWARE_TOKEN_MFA: the code of the authenticator app completes the sign-in. */
export class SoftwareTokenChallenge implements Challenge {
  constructor(
    private readonly transaction: Sql['transaction'],
    private readonly sessions: Sessions,
    private readonly users: Users,
    private readonly factors: TotpFactors,
    private readonly attempts: Attempts,
    private readonly tokens: IssueTokens,
    private readonly events: SignInEvents,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError NotAuthorizedException, CodeMismatchException, ExpiredCodeException (the code was used before) */
  async answer(answer: ChallengeAnswer): Promise<AuthenticationResult> {
    try {
      return await this.#answer(answer)
    } catch (error) {
      this.events.signInFailed()
      throw error
    }
  }

  async #answer({ client, address, session, username, responses }: ChallengeAnswer): Promise<AuthenticationResult> {
    const code = parameter(responses, 'SOFTWARE_TOKEN_MFA_CODE')
    const now = this.clock.now()
    const binding: SessionBinding = { steps: ['SOFTWARE_TOKEN_MFA'], clientId: client.id, username }
    const held = await this.sessions.attempt({ session }, binding, now)
    if (!held) throw invalidSession()

    const attempt = await this.attempts.begin('totp', held.sub, address, now)
    if (attempt === 'flooded') throw tooManyRequests()
    if (attempt === 'locked') throw attemptsExceeded()
    const secret = await this.factors.secretOf(held.sub)
    const step = secret && matchingStep(secret, code, now)
    if (step === undefined) throw refusal('CodeMismatchException', 'Invalid code received for user')

    const result = await this.transaction(async () => {
      if (!(await this.factors.useStep(held.sub, step))) {
        throw refusal('ExpiredCodeException', 'Your software token has already been used once.')
      }
      const found = await this.users.find(held.sub)
      if (!found?.user.enabled || !(await this.sessions.close({ session }))) throw invalidSession()
      return this.tokens.forSignIn(client, found.user, now)
    })
    await this.attempts.succeeded('totp', held.sub, address)
    this.events.signedIn()
    return result
  }
}

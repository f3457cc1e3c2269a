import type { Clock } from '@balcao/kernel'
import { attemptsExceeded, invalidSession, refusal, tooManyRequests } from '../domain/refusal.ts'
import { matchingStep } from '../domain/totp.ts'
import type { Attempt, Attempts } from './attempts.ts'
import type { TellPool } from './events.ts'
import { parameter } from './initiate-auth.ts'
import { type AuthenticationResult, type IssueTokens, newFamily } from './issue-tokens.ts'
import type { Challenge, ChallengeAnswer } from './respond-to-auth-challenge.ts'
import type { SessionBinding, Sessions } from './sessions.ts'
import type { SignInEnds } from './sign-in-ends.ts'

/** SOFTWARE_TOKEN_MFA: the code of the authenticator app completes the sign-in. */
export class SoftwareTokenChallenge implements Challenge {
  constructor(
    private readonly need: {
      readonly sessions: Sessions
      readonly signIns: SignInEnds
      readonly attempts: Attempts
      readonly tokens: IssueTokens
      readonly tell: TellPool
      readonly clock: Clock
    },
  ) {}

  /** @throws AppError NotAuthorizedException, CodeMismatchException, ExpiredCodeException (the code was used before) */
  async answer(answer: ChallengeAnswer): Promise<AuthenticationResult> {
    try {
      return await this.#answer(answer)
    } catch (error) {
      await this.need.tell.sign_in({ result: 'failed' })
      throw error
    }
  }

  async #answer({ client, address, session, username, responses }: ChallengeAnswer): Promise<AuthenticationResult> {
    const code = parameter(responses, 'SOFTWARE_TOKEN_MFA_CODE')
    const now = this.need.clock.now()
    const binding: SessionBinding = { steps: ['SOFTWARE_TOKEN_MFA'], clientId: client.id, username }
    const held = await this.need.sessions.attempt({ session }, binding, now)
    if (!held) throw invalidSession()

    const attempt: Attempt = { guess: 'totp', subject: held.sub, address }
    const verdict = await this.need.attempts.begin(attempt, now)
    if (verdict === 'flooded') throw tooManyRequests()
    if (verdict === 'locked') throw attemptsExceeded()
    const step = held.secret && matchingStep(held.secret, code, now)
    if (step === undefined) throw refusal('CodeMismatchException', 'Invalid code received for user')

    const family = newFamily(client, held.user, now)
    const completed = await this.need.signIns.complete({ session }, step, family, attempt)
    if (completed === 'session') throw invalidSession()
    if (completed === 'code') {
      throw refusal('ExpiredCodeException', 'Your software token has already been used once.')
    }
    await this.need.tell.sign_in({ result: 'ok' })
    return { ...this.need.tokens.forFamily(client, held.user, family, now), RefreshToken: completed.refreshToken }
  }
}

import { AppError, randomToken } from '@balcao/kernel'
import type { MfaChallenge, PoolTokens } from '../domain/sign-in.ts'
import type { Enrolments } from './enrolments.ts'
import type { TellAuth } from './events.ts'
import { type MfaSessions, mfaSessionId } from './mfa-sessions.ts'
import type { Pseudonyms } from './pseudonyms.ts'
import type { SignIns } from './sign-ins.ts'

/** What comes after the password. `flow` is a secret of this sign-in, which waits for `seconds`: a browser keeps it as
 *  a cookie. */
export type SignInAnswer =
  | { kind: 'tokens'; tokens: PoolTokens }
  | { kind: 'mfa'; challenge: MfaChallenge; flow: string | undefined; seconds: number }
  | { kind: 'setup'; flow: string; seconds: number }

export class SignIn {
  constructor(
    private readonly need: {
      readonly signIns: SignIns
      readonly sessions: MfaSessions
      readonly enrolments: Enrolments
      readonly names: Pseudonyms
      readonly tell: TellAuth
    },
  ) {}

  /** Checks a password (D4-18). With a second factor due, the pool's session waits on the server.
   *  @param browser whether the answer to the second factor must come from the same browser
   *  @throws AppError `auth/wrong_credentials`, `auth/not_confirmed`, `auth/too_many_attempts`, `auth/unavailable` */
  async run(input: { username: string; password: string; address: string; browser: boolean }): Promise<SignInAnswer> {
    const step = await this.#login(input)
    if (step.kind === 'tokens') {
      await this.need.tell.signed_in({ result: 'ok' })
      return step
    }
    const { username, session } = step
    if (step.kind === 'setup') {
      const flow = await this.#beginEnrolment(input.username.trim(), username, session)
      return { kind: 'setup', flow, seconds: this.need.enrolments.ttl }
    }
    const flow = input.browser ? randomToken() : undefined
    const id = await mfaSessionId(this.need.names, input.username, flow)
    await this.need.sessions.save(id, { challenge: step.challenge, username, session })
    return { kind: 'mfa', challenge: step.challenge, flow, seconds: this.need.sessions.ttl }
  }

  /** The pool gives a secret out once per session, so it is asked for here: pages may then read it twice at once. */
  async #beginEnrolment(account: string, username: string, passed: string): Promise<string> {
    const { secret, session } = await this.need.signIns.beginSoftwareToken(passed)
    const flow = randomToken()
    await this.need.enrolments.save(flow, { account, username, session, secret })
    return flow
  }

  async #login(input: { username: string; password: string; address: string }) {
    try {
      return await this.need.signIns.login({ ...input, username: input.username.trim() })
    } catch (error) {
      if (error instanceof AppError) await this.need.tell.signed_in({ result: error.code })
      throw error
    }
  }
}

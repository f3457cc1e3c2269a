import { AppError } from '@balcao/kernel'
import { refusals } from '../domain/refusals.ts'
import type { PoolTokens } from '../domain/sign-in.ts'
import type { TellAuth } from './events.ts'
import { type MfaSessions, mfaSessionId } from './mfa-sessions.ts'
import type { Pseudonyms } from './pseudonyms.ts'
import type { SignIns } from './sign-ins.ts'

export class AnswerMfa {
  constructor(
    private readonly need: {
      readonly signIns: SignIns
      readonly sessions: MfaSessions
      readonly names: Pseudonyms
      readonly tell: TellAuth
    },
  ) {}

  /** Ends a sign-in with the second factor's code (D4-19). A wrong code leaves two more tries.
   *  @param flow the browser's secret from `SignIn`; undefined for a caller that is not a browser
   *  @throws AppError `auth/mfa_session`, `auth/wrong_code`, `auth/code_used`, `auth/too_many_attempts` */
  async run(input: { username: string; code: string; flow: string | undefined; address: string }): Promise<PoolTokens> {
    const id = await mfaSessionId(this.need.names, input.username, input.flow)
    const pending = await this.need.sessions.get(id)
    if (!pending) throw refusals.mfaSession()
    try {
      const tokens = await this.need.signIns.respondToMfa(pending, input.code, input.address)
      await this.need.sessions.clear(id)
      await this.need.tell.signed_in({ result: 'ok' })
      return tokens
    } catch (error) {
      if (error instanceof AppError) {
        await this.need.tell.signed_in({ result: error.code })
        await this.need.sessions.refused(id, error.code)
      }
      throw error
    }
  }
}

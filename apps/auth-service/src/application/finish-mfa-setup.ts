import { AppError } from '@balcao/kernel'
import { refusals } from '../domain/refusals.ts'
import type { PoolTokens } from '../domain/sign-in.ts'
import type { Enrolments } from './enrolments.ts'
import type { TellAuth } from './events.ts'
import type { SignIns } from './sign-ins.ts'

export class FinishMfaSetup {
  constructor(
    private readonly signIns: SignIns,
    private readonly enrolments: Enrolments,
    private readonly tell: TellAuth,
  ) {}

  /** Enrols the app that shows `code` and signs its owner in. A wrong code leaves two more tries.
   *  @throws AppError `auth/mfa_session`, `auth/wrong_code`, `auth/too_many_attempts`, `auth/unavailable` */
  async run(input: {
    flow: string | undefined
    code: string
    deviceName?: string
    address: string
  }): Promise<PoolTokens> {
    const { flow } = input
    const pending = flow && (await this.enrolments.get(flow))
    if (!pending) throw refusals.mfaSession()
    try {
      const { session } = await this.signIns.verifySoftwareToken(pending.session, input.code, input.deviceName)
      const tokens = await this.signIns.finishMfaSetup({ username: pending.username, session }, input.address)
      await this.enrolments.clear(flow)
      await this.tell.mfa_activated()
      await this.tell.signed_in({ result: 'ok' })
      return tokens
    } catch (error) {
      if (error instanceof AppError) {
        await this.tell.signed_in({ result: error.code })
        await this.enrolments.refused(flow, error.code)
      }
      throw error
    }
  }
}

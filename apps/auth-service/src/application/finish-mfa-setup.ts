import { AppError } from '@balcao/kernel'
import { refusals } from '../domain/refusals.ts'
import type { PoolTokens } from '../domain/sign-in.ts'
import type { Enrolments } from './enrolments.ts'
import type { SignInEvents } from './sign-in-events.ts'
import type { SignIns } from './sign-ins.ts'

export class FinishMfaSetup {
  constructor(
    private readonly signIns: SignIns,
    private readonly enrolments: Enrolments,
    private readonly events: SignInEvents,
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
      this.events.mfaActivated()
      this.events.signedIn()
      return tokens
    } catch (error) {
      if (error instanceof AppError) {
        this.events.refused(error.code)
        await this.enrolments.refused(flow, error.code)
      }
      throw error
    }
  }
}

import type { Clock } from '@balcao/kernel'
import type { Sql } from '@balcao/platform'
import { limitExceeded, refusal, tooManyRequests } from '../domain/refusal.ts'
import { type AppClients, addressOf } from './app-clients.ts'
import type { Attempt, Attempts } from './attempts.ts'
import type { Codes } from './codes.ts'
import type { Caller, Operation, WithUserContext } from './operation.ts'
import type { Pseudonym } from './pseudonym.ts'
import { subjectOf } from './subject.ts'
import type { Users } from './users.ts'

interface Input extends WithUserContext {
  readonly ClientId: string
  readonly SecretHash?: string
  readonly Username: string
  readonly ConfirmationCode: string
}

/** Confirms an account with the code that was sent. A name without an account, and an account that needs no
 *  confirming, answer like one whose code was wrong. */
export class ConfirmSignUp implements Operation<Input> {
  constructor(
    private readonly need: {
      readonly clients: AppClients
      readonly transaction: Sql['transaction']
      readonly users: Users
      readonly codes: Codes
      readonly attempts: Attempts
      readonly pseudonym: Pseudonym
      readonly clock: Clock
    },
  ) {}

  /** @throws AppError CodeMismatchException, ExpiredCodeException, LimitExceededException, TooManyRequestsException */
  async run(input: Input, caller: Caller) {
    const client = this.need.clients.bySecretHash(input.ClientId, input.Username, input.SecretHash)
    const address = addressOf(client, input, caller)
    const now = this.need.clock.now()
    const found = (await this.need.users.find(input.Username))?.user
    const waiting = found?.status === 'UNCONFIRMED' ? found : undefined
    const subject = subjectOf(waiting, input.Username, this.need.pseudonym)

    const attempt: Attempt = { guess: 'code', subject, address }
    const verdict = await this.need.attempts.begin(attempt, now)
    if (verdict === 'flooded') throw tooManyRequests()
    if (verdict === 'locked') throw limitExceeded()
    if (!waiting) await this.need.codes.pretend(subject, now)

    const outcome = await this.need.transaction(async () => {
      const result = await this.need.codes.redeem(subject, input.ConfirmationCode, now)
      if (result === 'right' && waiting) await this.need.users.confirm(waiting.sub, now)
      return result
    })
    if (outcome === 'wrong') {
      throw refusal('CodeMismatchException', 'Invalid verification code provided, please try again.')
    }
    if (outcome === 'expired' || !waiting) {
      throw refusal('ExpiredCodeException', 'Invalid code provided, please request a code again.')
    }
    await this.need.attempts.succeeded(attempt)
    return {}
  }
}

import type { Clock } from '@balcao/kernel'
import { newCode } from '../domain/code.ts'
import { limitExceeded } from '../domain/refusal.ts'
import type { AppClients } from './app-clients.ts'
import { type CodeMail, deliveryTo } from './code-delivery.ts'
import type { Codes } from './codes.ts'
import type { Operation } from './operation.ts'
import type { Pseudonym } from './pseudonym.ts'
import { subjectOf } from './subject.ts'
import type { Users } from './users.ts'

interface Input {
  readonly ClientId: string
  readonly SecretHash?: string
  readonly Username: string
}

/** Sends a new code in place of the last. A name that waits for none gets the same answer, and no mail. */
export class ResendConfirmationCode implements Operation<Input> {
  constructor(
    private readonly need: {
      readonly clients: AppClients
      readonly users: Users
      readonly codes: Codes
      readonly mail: CodeMail
      readonly pseudonym: Pseudonym
      readonly clock: Clock
    },
  ) {}

  /** @throws AppError LimitExceededException */
  async run(input: Input) {
    this.need.clients.bySecretHash(input.ClientId, input.Username, input.SecretHash)
    const found = (await this.need.users.find(input.Username))?.user
    const waiting = found?.status === 'UNCONFIRMED' ? found : undefined
    const code = newCode()
    const subject = subjectOf(waiting, input.Username, this.need.pseudonym)
    if (!(await this.need.codes.issue(subject, code, this.need.clock.now()))) throw limitExceeded()
    if (waiting) this.need.mail.sendConfirmation(waiting.email, code)
    return { CodeDeliveryDetails: deliveryTo(input.Username) }
  }
}

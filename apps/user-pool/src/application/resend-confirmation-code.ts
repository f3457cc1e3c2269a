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
    private readonly clients: AppClients,
    private readonly users: Users,
    private readonly codes: Codes,
    private readonly mail: CodeMail,
    private readonly pseudonym: Pseudonym,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError LimitExceededException */
  async run(input: Input) {
    this.clients.bySecretHash(input.ClientId, input.Username, input.SecretHash)
    const found = (await this.users.find(input.Username))?.user
    const waiting = found?.status === 'UNCONFIRMED' ? found : undefined
    const code = newCode()
    const subject = subjectOf(waiting, input.Username, this.pseudonym)
    if (!(await this.codes.issue(subject, code, this.clock.now()))) throw limitExceeded()
    if (waiting) this.mail.sendConfirmation(waiting.email, code)
    return { CodeDeliveryDetails: deliveryTo(input.Username) }
  }
}

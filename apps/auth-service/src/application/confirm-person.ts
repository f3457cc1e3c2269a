import { normalEmail } from '../domain/email.ts'
import type { Users } from './users.ts'

export class ConfirmPerson {
  constructor(private readonly users: Users) {}

  /** Confirms an e-mail with the code sent to it.
   *  @throws AppError `auth/wrong_code`, `auth/code_expired`, `auth/too_many_attempts` */
  async run(input: { email: string; code: string; address: string }): Promise<void> {
    await this.users.confirm({ ...input, email: normalEmail(input.email) })
  }
}

import { maskEmail, normalEmail } from '../domain/email.ts'
import type { Users } from './users.ts'

export class ResendCode {
  constructor(private readonly users: Users) {}

  /** Sends a new confirmation code, which ends the older ones. Answers alike whether or not there is anything to confirm.
   *  @throws AppError `auth/too_many_attempts` */
  async run(input: { email: string; address: string }): Promise<{ medium: 'EMAIL'; destination: string }> {
    const email = normalEmail(input.email)
    await this.users.resendCode({ email, address: input.address })
    return { medium: 'EMAIL', destination: maskEmail(email) }
  }
}

import type { PoolUser } from '../domain/sign-in.ts'

/** The accounts of the user pool `contas`. `address` is the person's IP address: the pool's limits count by it.
 *  Every method throws AppError: `auth/too_many_attempts`, `auth/unavailable` and those it names. */
export interface Users {
  /** The new user's `sub`, or undefined where the e-mail is taken. @throws `auth/weak_password`, `auth/invalid_input` */
  signUp(input: {
    name: string
    email: string
    password: string
    address: string
  }): Promise<{ sub: string } | undefined>
  /** @throws `auth/wrong_code`, `auth/code_expired` */
  confirm(input: { email: string; code: string; address: string }): Promise<void>
  /** Does nothing for an address that has nothing to confirm. */
  resendCode(input: { email: string; address: string }): Promise<void>
  /** Whether that e-mail has proven itself; undefined where it has no account. */
  find(email: string): Promise<{ sub: string; confirmed: boolean } | undefined>
  /** @throws `auth/invalid_token` */
  describe(accessToken: string): Promise<PoolUser>
  /** The confirmed e-mail of whoever has that `sub`; undefined where there is none. */
  addressOf(sub: string): Promise<string | undefined>
}

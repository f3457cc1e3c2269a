import type { User } from '../domain/user.ts'

/** The accounts of the pool. */
export interface Users {
  /** By `sub` or e-mail, in any case; with the hash of the password. */
  find(username: string): Promise<{ user: User; passwordHash: string } | undefined>
  /** False where the e-mail has an account already. */
  add(user: {
    sub: string
    email: string
    passwordHash: string
    attributes: Readonly<Record<string, string>>
    at: Date
  }): Promise<boolean>
  /** The e-mail is proven and the account may sign in. False where it was confirmed already. */
  confirm(sub: string, at: Date): Promise<boolean>
}

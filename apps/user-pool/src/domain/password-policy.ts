import { refusal } from './refusal.ts'

/** Length is what makes a password strong; rules about kinds of characters only make it forgettable
 *  (NIST SP 800-63B-4 §3.1.1.2). */
export interface PasswordPolicy {
  /** In characters. */
  readonly minimumLength: number
}

/** @throws AppError InvalidPasswordException that names the rule broken */
export function checkPassword({ minimumLength }: PasswordPolicy, password: string): void {
  if ([...password].length >= minimumLength) return
  throw refusal('InvalidPasswordException', 'Password did not conform with policy: Password not long enough')
}

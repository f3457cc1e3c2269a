import { refusal } from './refusal.ts'

export interface PasswordPolicy {
  readonly minimumLength: number
  readonly lowercase: boolean
  readonly uppercase: boolean
  readonly numbers: boolean
  readonly symbols: boolean
}

/** What Cognito asks for where nothing else is said. */
export const COGNITO_DEFAULT_POLICY: PasswordPolicy = {
  minimumLength: 8,
  lowercase: true,
  uppercase: true,
  numbers: true,
  symbols: true,
}

// The symbols that Cognito's policy counts (Developer Guide, "Adding user pool password requirements").
const SYMBOL = /[\^$*.[\]{}()?"!@#%&/\\,><':;|_~`=+-]/

/** @throws AppError InvalidPasswordException that names the first rule broken */
export function checkPassword(policy: PasswordPolicy, password: string): void {
  const broken =
    (password.length < policy.minimumLength && 'Password not long enough') ||
    (policy.lowercase && !/[a-z]/.test(password) && 'Password must have lowercase characters') ||
    (policy.uppercase && !/[A-Z]/.test(password) && 'Password must have uppercase characters') ||
    (policy.numbers && !/[0-9]/.test(password) && 'Password must have numeric characters') ||
    (policy.symbols && !SYMBOL.test(password) && 'Password must have symbol characters')
  if (broken) throw refusal('InvalidPasswordException', `Password did not conform with policy: ${broken}`)
}

import type { AppError } from '@balcao/kernel'
import type { Platform } from '@balcao/platform'
import { refusals } from '../domain/refusals.ts'

/** Exception names, as Cognito documents them for an operation, and what each means to a person. */
export type Meaning = Readonly<Record<string, () => AppError>>

const always: Meaning = {
  TooManyRequestsException: refusals.tooManyAttempts,
  LimitExceededException: refusals.tooManyAttempts,
  TooManyFailedAttemptsException: refusals.tooManyAttempts,
}

export const meanings = {
  signUp: {
    InvalidPasswordException: refusals.weakPassword,
    InvalidParameterException: refusals.invalidInput,
  },
  confirm: {
    CodeMismatchException: refusals.wrongCode,
    ExpiredCodeException: refusals.codeExpired,
    // An unknown address and one confirmed before look like a wrong code.
    UserNotFoundException: refusals.wrongCode,
    NotAuthorizedException: refusals.wrongCode,
    InvalidParameterException: refusals.wrongCode,
  },
  login: {
    NotAuthorizedException: refusals.wrongCredentials,
    UserNotFoundException: refusals.wrongCredentials,
    InvalidParameterException: refusals.wrongCredentials,
    UserNotConfirmedException: refusals.notConfirmed,
    PasswordResetRequiredException: refusals.passwordReset,
  },
  mfa: {
    CodeMismatchException: refusals.wrongMfaCode,
    EnableSoftwareTokenMFAException: refusals.wrongMfaCode,
    // Cognito's word for a code of a step that was used before.
    ExpiredCodeException: refusals.codeUsed,
    NotAuthorizedException: refusals.mfaSession,
    UserNotFoundException: refusals.mfaSession,
    InvalidParameterException: refusals.mfaSession,
    SoftwareTokenMFANotFoundException: refusals.mfaSession,
  },
  refresh: {
    NotAuthorizedException: refusals.sessionEnded,
    RefreshTokenReuseException: refusals.sessionEnded,
    UserNotFoundException: refusals.sessionEnded,
    InvalidParameterException: refusals.sessionEnded,
  },
  revoke: {
    UnsupportedTokenTypeException: refusals.refreshTokenExpected,
  },
  describe: {
    NotAuthorizedException: refusals.invalidToken,
    UserNotFoundException: refusals.invalidToken,
    InvalidParameterException: refusals.invalidToken,
  },
} as const satisfies Record<string, Meaning>

/** Cognito's lockout is a NotAuthorizedException that only its text tells from a wrong password. */
const isLockout = (error: Error) => /attempts exceeded/i.test(error.message)

/** So is a wrong client secret, which is our mistake and nobody's password. */
const isOurs = (error: Error) => error.name === 'NotAuthorizedException' && /secret/i.test(error.message)

/** What a failure of the pool means. What nobody expects is logged by name (never by text, which may quote a person's
 *  data) and shown as `auth/unavailable`. */
export function refusalFor(error: unknown, meaning: Meaning, log: Platform['log']): AppError {
  if (!(error instanceof Error)) return refusals.unavailable()
  if (error.name === 'NotAuthorizedException' && isLockout(error)) return refusals.tooManyAttempts()
  const refusal = { ...always, ...meaning }[error.name]
  if (refusal && !isOurs(error)) return refusal()
  log.error({ event: 'user_pool_failed', error: error.name, code: (error as NodeJS.ErrnoException).code }, 'user pool')
  return refusals.unavailable()
}

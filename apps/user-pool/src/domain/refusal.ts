import { AppError, type ErrorKind } from '@balcao/kernel'

/** Cognito's own names for what it refuses, and what kind of refusal each is in our words. */
const KINDS = {
  CodeMismatchException: 'invalid',
  EnableSoftwareTokenMFAException: 'invalid',
  ExpiredCodeException: 'invalid',
  InvalidParameterException: 'invalid',
  InvalidPasswordException: 'invalid',
  LimitExceededException: 'rate_limited',
  NotAuthorizedException: 'unauthenticated',
  RefreshTokenReuseException: 'unauthenticated',
  ResourceNotFoundException: 'not_found',
  SoftwareTokenMFANotFoundException: 'not_found',
  TooManyRequestsException: 'rate_limited',
  UnauthorizedException: 'unauthenticated',
  UnsupportedTokenTypeException: 'invalid',
  UserNotConfirmedException: 'forbidden',
  UserNotFoundException: 'not_found',
  UsernameExistsException: 'conflict',
} as const satisfies Record<string, ErrorKind>

export type RefusalName = keyof typeof KINDS

/** The error a client of Cognito knows: `name` becomes `__type` on the wire, `message` its message. */
export function refusal(name: RefusalName, message: string): AppError {
  return new AppError(KINDS[name], name, message)
}

/** Whether an error is one that the wire may tell the caller. */
export function isRefusal(error: unknown): error is AppError {
  return error instanceof AppError && Object.hasOwn(KINDS, error.code)
}

export const incorrectPassword = () => refusal('NotAuthorizedException', 'Incorrect username or password.')
export const attemptsExceeded = () => refusal('NotAuthorizedException', 'Password attempts exceeded')
export const invalidSession = () => refusal('NotAuthorizedException', 'Invalid session for the user.')
export const tooManyRequests = () => refusal('TooManyRequestsException', 'Too many requests')
export const limitExceeded = () =>
  refusal('LimitExceededException', 'Attempt limit exceeded, please try after some time.')

import { AppError } from '@balcao/kernel'

/** Every way in which this service says no. */
export const refusals = {
  wrongToken: () => new AppError('unauthenticated', 'auth/invalid_token', 'Invalid authentication credentials'),
  notANotification: () =>
    new AppError(
      'invalid',
      'request/invalid',
      'The body is no notification of a store: send what S3, SNS or EventBridge send.',
    ),
} as const

import { AppError, type ErrorKind } from '@balcao/kernel'

/** S3's error codes that we answer with: the kind of error, and the sentence where none more exact is given
 *  (https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html). */
const REFUSALS = {
  AccessDenied: ['forbidden', 'Access Denied'],
  AuthorizationHeaderMalformed: ['invalid', 'The authorization header is malformed.'],
  AuthorizationQueryParametersError: ['invalid', 'The query parameters of the signature are not right.'],
  BadDigest: ['invalid', 'The checksum you specified did not match what we received.'],
  BucketAlreadyOwnedByYou: [
    'conflict',
    'Your previous request to create the named bucket succeeded and you already own it.',
  ],
  EntityTooLarge: ['invalid', 'Your proposed upload exceeds the maximum allowed object size of 5 GiB in one request.'],
  EntityTooSmall: [
    'invalid',
    'Your proposed upload is smaller than the minimum allowed size: every part but the last has 5 MiB.',
  ],
  IncompleteBody: ['invalid', 'You did not provide the number of bytes specified by the Content-Length HTTP header.'],
  InsufficientStorage: ['unavailable', 'There is not enough space on the disk.'],
  InternalError: ['unavailable', 'We encountered an internal error. Please try again.'],
  InvalidAccessKeyId: ['forbidden', 'The access key ID you provided does not exist in our records.'],
  InvalidArgument: ['invalid', 'Invalid Argument'],
  InvalidBucketName: ['invalid', 'The specified bucket is not valid.'],
  InvalidDigest: ['invalid', 'The Content-MD5 you specified is not valid.'],
  InvalidPart: [
    'invalid',
    'One or more of the specified parts could not be found. The part may not have been uploaded, or the entity tag may not match.',
  ],
  InvalidPartOrder: ['invalid', 'The list of parts was not in ascending order.'],
  InvalidRange: ['invalid', 'The requested range is not satisfiable.'],
  InvalidRequest: ['invalid', 'Invalid Request'],
  InvalidURI: ['invalid', 'Could not parse the specified URI.'],
  KeyTooLongError: ['invalid', 'Your key is too long: at most 1024 bytes of UTF-8.'],
  MalformedXML: [
    'invalid',
    'The XML you provided was not well formed or did not validate against our published schema.',
  ],
  MethodNotAllowed: ['invalid', 'The specified method is not allowed against this resource.'],
  MissingContentLength: ['invalid', 'You must provide the Content-Length HTTP header.'],
  NoSuchBucket: ['not_found', 'The specified bucket does not exist.'],
  NoSuchKey: ['not_found', 'The specified key does not exist.'],
  NoSuchUpload: ['not_found', 'The specified upload does not exist. It may have been aborted or completed.'],
  NotImplemented: ['invalid', 'A header or parameter you provided implies functionality that is not implemented.'],
  OperationAborted: ['conflict', 'The same part was sent again before this one was whole.'],
  PreconditionFailed: ['conflict', 'At least one of the preconditions you specified did not hold.'],
  RequestTimeTooSkewed: ['forbidden', 'The difference between the request time and the current time is too large.'],
  SignatureDoesNotMatch: [
    'forbidden',
    'The request signature we calculated does not match the signature you provided.',
  ],
  SlowDown: ['unavailable', 'Please try again in a few seconds.'],
  XAmzContentSHA256Mismatch: [
    'invalid',
    "The provided 'x-amz-content-sha256' header does not match what was computed.",
  ],
} as const satisfies Record<string, readonly [kind: ErrorKind, message: string]>

export type RefusalCode = keyof typeof REFUSALS

/** An error that S3 has a code for, to be thrown. */
export function refusal(code: RefusalCode, message: string = REFUSALS[code][1]): AppError {
  return new AppError(REFUSALS[code][0], code, message)
}

/** An error by one of those codes. */
export const isRefusal = (error: unknown): error is AppError & { readonly code: RefusalCode } =>
  error instanceof AppError && Object.hasOwn(REFUSALS, error.code)

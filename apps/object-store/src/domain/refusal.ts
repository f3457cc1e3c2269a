import { AppError, type ErrorKind } from '@balcao/kernel'

/** S3's error codes that we answer with: status and the sentence where none more exact is given
 *  (https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html). */
export const REFUSALS = {
  AccessDenied: [403, 'Access Denied'],
  AuthorizationHeaderMalformed: [400, 'The authorization header is malformed.'],
  AuthorizationQueryParametersError: [400, 'The query parameters of the signature are not right.'],
  BadDigest: [400, 'The checksum you specified did not match what we received.'],
  BucketAlreadyOwnedByYou: [409, 'Your previous request to create the named bucket succeeded and you already own it.'],
  EntityTooLarge: [400, 'Your proposed upload exceeds the maximum allowed object size of 5 GiB in one request.'],
  EntityTooSmall: [
    400,
    'Your proposed upload is smaller than the minimum allowed size: every part but the last has 5 MiB.',
  ],
  IncompleteBody: [400, 'You did not provide the number of bytes specified by the Content-Length HTTP header.'],
  InsufficientStorage: [507, 'There is not enough space on the disk.'],
  InternalError: [500, 'We encountered an internal error. Please try again.'],
  InvalidAccessKeyId: [403, 'The access key ID you provided does not exist in our records.'],
  InvalidArgument: [400, 'Invalid Argument'],
  InvalidBucketName: [400, 'The specified bucket is not valid.'],
  InvalidDigest: [400, 'The Content-MD5 you specified is not valid.'],
  InvalidPart: [
    400,
    'One or more of the specified parts could not be found. The part may not have been uploaded, or the entity tag may not match.',
  ],
  InvalidPartOrder: [400, 'The list of parts was not in ascending order.'],
  InvalidRange: [416, 'The requested range is not satisfiable.'],
  InvalidRequest: [400, 'Invalid Request'],
  InvalidURI: [400, 'Could not parse the specified URI.'],
  KeyTooLongError: [400, 'Your key is too long: at most 1024 bytes of UTF-8.'],
  MalformedXML: [400, 'The XML you provided was not well formed or did not validate against our published schema.'],
  MethodNotAllowed: [405, 'The specified method is not allowed against this resource.'],
  MissingContentLength: [411, 'You must provide the Content-Length HTTP header.'],
  NoSuchBucket: [404, 'The specified bucket does not exist.'],
  NoSuchKey: [404, 'The specified key does not exist.'],
  NoSuchUpload: [404, 'The specified upload does not exist. It may have been aborted or completed.'],
  NotImplemented: [501, 'A header or parameter you provided implies functionality that is not implemented.'],
  OperationAborted: [409, 'The same part was sent again before this one was whole.'],
  PreconditionFailed: [412, 'At least one of the preconditions you specified did not hold.'],
  RequestTimeTooSkewed: [403, 'The difference between the request time and the current time is too large.'],
  SignatureDoesNotMatch: [403, 'The request signature we calculated does not match the signature you provided.'],
  SlowDown: [503, 'Please try again in a few seconds.'],
  XAmzContentSHA256Mismatch: [400, "The provided 'x-amz-content-sha256' header does not match what was computed."],
} as const satisfies Record<string, readonly [status: number, message: string]>

export type RefusalCode = keyof typeof REFUSALS

const kinds: Record<number, ErrorKind> = {
  403: 'forbidden',
  404: 'not_found',
  409: 'conflict',
  412: 'conflict',
  500: 'unavailable',
  503: 'unavailable',
  507: 'unavailable',
}

/** An error that S3 has a code for, to be thrown. */
export function refusal(code: RefusalCode, message: string = REFUSALS[code][1]): AppError {
  return new AppError(kinds[REFUSALS[code][0]] ?? 'invalid', code, message)
}

/** What is known about any error as S3 would say it: an unknown one says nothing of its cause. */
export function asRefusal(error: unknown): { code: RefusalCode; status: number; message: string } {
  if (error instanceof AppError && Object.hasOwn(REFUSALS, error.code)) {
    const code = error.code as RefusalCode
    return { code, status: REFUSALS[code][0], message: error.message }
  }
  // ENOSPC and EDQUOT of the file system, 53100 (disk_full) of PostgreSQL.
  const cause = String((error as { code?: unknown } | undefined)?.code)
  const code = ['ENOSPC', 'EDQUOT', '53100'].includes(cause) ? 'InsufficientStorage' : 'InternalError'
  return { code, status: REFUSALS[code][0], message: REFUSALS[code][1] }
}

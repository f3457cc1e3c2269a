import type { ErrorKind } from '@balcao/kernel'
import { isDiskFull } from '@balcao/platform'
import { isRefusal, type RefusalCode, refusal } from '../domain/refusal.ts'

/** Statuses of S3's error codes (https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html). */
const BY_KIND: Partial<Record<ErrorKind, number>> = { forbidden: 403, not_found: 404, conflict: 409, unavailable: 503 }
const BY_CODE: Partial<Record<RefusalCode, number>> = {
  InsufficientStorage: 507,
  InternalError: 500,
  InvalidRange: 416,
  MethodNotAllowed: 405,
  MissingContentLength: 411,
  NotImplemented: 501,
  PreconditionFailed: 412,
}

/** What S3 would say of any error: of an unknown one nothing of its cause. */
export function s3Error(error: unknown): { code: RefusalCode; status: number; message: string } {
  const { code, kind, message } = isRefusal(error)
    ? error
    : refusal(isDiskFull(error) ? 'InsufficientStorage' : 'InternalError')
  return { code: code as RefusalCode, status: BY_CODE[code as RefusalCode] ?? BY_KIND[kind] ?? 400, message }
}

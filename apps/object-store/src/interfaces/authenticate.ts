import type { IncomingMessage } from 'node:http'
import type { AccessKey } from '@balcao/platform'
import { parseQuery, type SigV4Refusal, type Verified, verifySigV4 } from '@balcao/platform/aws'
import { type RefusalCode, refusal } from '../domain/refusal.ts'

const HEADER: Record<SigV4Refusal, RefusalCode> = {
  missing: 'AccessDenied',
  malformed: 'AuthorizationHeaderMalformed',
  unknown_key: 'InvalidAccessKeyId',
  skewed: 'RequestTimeTooSkewed',
  expired: 'AccessDenied',
  expires_too_long: 'AuthorizationQueryParametersError',
  unsigned_header: 'AccessDenied',
  mismatch: 'SignatureDoesNotMatch',
}
const QUERY: Record<SigV4Refusal, RefusalCode> = {
  ...HEADER,
  malformed: 'AuthorizationQueryParametersError',
  skewed: 'AccessDenied',
}

/** Splits a request's target without changing a byte of it: what is signed is what was sent. */
export function splitTarget(url: string): { path: string; query: string } {
  const at = url.indexOf('?')
  return at < 0 ? { path: url, query: '' } : { path: url.slice(0, at), query: url.slice(at + 1) }
}

/** Verifies who sent a request: only the owner of the store's key may do anything.
 *  @throws AppError with S3's code for what is wrong with the signature */
export function authenticate(req: IncomingMessage, keys: AccessKey, now: Date): Extract<Verified, { ok: true }> {
  const { path, query } = splitTarget(req.url ?? '/')
  const verified = verifySigV4(
    { method: req.method ?? 'GET', path, query, headers: req.headers },
    (id) => (id === keys.accessKeyId ? keys.secretAccessKey : undefined),
    { service: 's3', now },
  )
  if (verified.ok) return verified
  // boto3 and the AWS CLI sign URLs like that unless they are told signature_version = s3v4; old clients all they send.
  if (/(^|&)AWSAccessKeyId=/.test(query) || /^AWS /.test(req.headers.authorization ?? ''))
    throw refusal('InvalidRequest', 'The authorization mechanism is not supported. Please use AWS4-HMAC-SHA256.')
  const codes = /(^|&)X-Amz-(Algorithm|Signature)=/.test(query) ? QUERY : HEADER
  throw refusal(codes[verified.reason], verified.message)
}

/** The bucket that a host names before ours: `media.store.example` (virtual-hosted style). @param hosts our names */
export function bucketOfHost(header: string, hosts: readonly string[]): string | undefined {
  const name = header.replace(/:\d+$/, '').toLowerCase()
  const ours = hosts.find((host) => name.endsWith(`.${host}`))
  return ours && name.slice(0, -ours.length - 1)
}

/** Bucket and key of a request, and its query. @param hosted the bucket, where the host names it; else the path does
 *  @throws AppError `InvalidURI` */
export function readTarget(url: string, hosted?: string): { bucket: string; key: string; query: Map<string, string> } {
  const { path, query } = splitTarget(url)
  try {
    if (hosted !== undefined)
      return { bucket: hosted, key: decodeURIComponent(path.slice(1)), query: new Map(parseQuery(query)) }
    const [, bucket = '', key = ''] = /^\/([^/]*)\/?([\s\S]*)$/.exec(path) ?? fail()
    return { bucket: decodeURIComponent(bucket), key: decodeURIComponent(key), query: new Map(parseQuery(query)) }
  } catch {
    throw refusal('InvalidURI')
  }
}

const fail = (): never => {
  throw refusal('InvalidURI')
}

import { canonicalPath, canonicalQuery, canonicalRequest, parseAmzDate, type QueryPair, signature } from './sigv4.ts'
import { ChunkSignatures, isSameSignature } from './sigv4-chunks.ts'
import { type Claim, readClaim, refuse, type SignedRequest, type SigV4Refusal } from './sigv4-claim.ts'

export type Verified =
  | {
      readonly ok: true
      readonly accessKeyId: string
      readonly region: string
      readonly presigned: boolean
      /** What the signature says of the body: its SHA-256 in hexadecimal, or one of S3's words. */
      readonly payloadHash: string
      readonly signedHeaders: ReadonlySet<string>
      /** Of a body that is signed chunk by chunk, to be compared as it comes. */
      readonly chunks: ChunkSignatures | undefined
    }
  | { readonly ok: false; readonly reason: SigV4Refusal; readonly message: string }

export interface VerifyOptions {
  readonly service: string
  readonly now: Date
  /** SHA-256 of the body in hexadecimal, where no header states it (every service but S3). */
  readonly payloadHash?: string
}

const UTF8 = new TextDecoder('utf-8', { fatal: true })
const SKEW_MS = 15 * 60 * 1000
const LONGEST_SECONDS = 604_800

/** Verifies the signature of a request, in its Authorization header or in its query (presigned). The region is
 *  the one the signature names; nothing is compared in a time that depends on the secret.
 *  @param lookup the secret of an access key, or undefined where there is no such key */
export function verifySigV4(
  request: SignedRequest,
  lookup: (accessKeyId: string) => string | undefined,
  options: VerifyOptions,
): Verified {
  const header = (name: string): string | undefined => {
    const value = request.headers[name]
    return Array.isArray(value) ? value.join(',') : value
  }
  const claim = readClaim(request, header, options)
  if ('reason' in claim) return claim

  const [accessKeyId, day, region, service, terminator, ...rest] = splitCredential(claim.credential)
  if (!accessKeyId || !region || terminator !== 'aws4_request' || rest.length > 0)
    return refuse('malformed', 'The credential must be KEY/YYYYMMDD/REGION/SERVICE/aws4_request.')
  if (!/^[\x21-\x7e]+$/.test(region)) return refuse('malformed', 'The region must be printable ASCII.')
  if (service !== options.service) return refuse('malformed', `The credential must be for ${options.service}.`)
  const signedAt = parseAmzDate(claim.date)
  if (!signedAt) return refuse('malformed', 'X-Amz-Date must have the form YYYYMMDDTHHMMSSZ.')
  if (day !== claim.date.slice(0, 8)) return refuse('malformed', 'The credential must be of the day of X-Amz-Date.')
  if (!claim.signedHeaders.includes('host')) return refuse('malformed', 'The header host must be signed.')

  const late = checkTime(claim, signedAt, options.now)
  if (late) return late
  const secretAccessKey = lookup(accessKeyId)
  if (secretAccessKey === undefined) return refuse('unknown_key', 'There is no such access key.')

  const headers: QueryPair[] = []
  for (const name of claim.signedHeaders) {
    const value = header(name)
    if (value === undefined) return refuse('mismatch', `The signed header ${name} was not sent.`)
    headers.push([name, asSigned(value)])
  }
  // Else the holder of a signed URL could add what changes its meaning: x-amz-copy-source, x-amz-meta-….
  const unsigned = Object.keys(request.headers).find(
    (name) => name.startsWith('x-amz-') && request.headers[name] !== undefined && !claim.signedHeaders.includes(name),
  )
  if (unsigned) return refuse('unsigned_header', `The header ${unsigned} was sent but not signed.`)

  const payloadHash = claim.payloadHash ?? ''
  let canonical: string
  try {
    canonical = canonicalRequest({
      method: request.method,
      path: canonicalPath(request.path, options.service),
      query: canonicalQuery(claim.query),
      headers,
      payloadHash,
    })
  } catch {
    return refuse('malformed', 'The path is not properly percent-encoded UTF-8.')
  }
  const signer = { secretAccessKey, region, service }
  const expected = signature(claim.date, signer, canonical)
  if (!isSameSignature(claim.signature, expected))
    return refuse('mismatch', 'The signature does not match the request. Check the secret key and what was signed.')
  return {
    ok: true,
    accessKeyId,
    region,
    presigned: claim.presigned,
    payloadHash,
    signedHeaders: new Set(claim.signedHeaders),
    chunks: payloadHash.startsWith('STREAMING-AWS4') ? new ChunkSignatures(claim.date, signer, expected) : undefined,
  }
}

/** Node reads a header's bytes as Latin-1; whoever signs one that is UTF-8 signs what it means. */
function asSigned(value: string): string {
  if (!/[\x80-\xff]/.test(value)) return value
  try {
    return UTF8.decode(Buffer.from(value, 'latin1'))
  } catch {
    return value
  }
}

// An access key may hold slashes, the four parts after it may not.
function splitCredential(credential: string): string[] {
  const parts = credential.split('/')
  return parts.length < 5 ? [] : [parts.slice(0, -4).join('/'), ...parts.slice(-4)]
}

function checkTime(claim: Claim, signedAt: Date, now: Date) {
  const age = now.getTime() - signedAt.getTime()
  if (!claim.presigned) {
    return Math.abs(age) > SKEW_MS
      ? refuse('skewed', 'The request was signed more than 15 minutes before or after the time of the server.')
      : undefined
  }
  if (!/^\d{1,9}$/.test(claim.expires ?? '')) return refuse('malformed', 'X-Amz-Expires must be a number of seconds.')
  const seconds = Number(claim.expires)
  if (seconds < 1 || seconds > LONGEST_SECONDS)
    return refuse('expires_too_long', `X-Amz-Expires must be between 1 and ${LONGEST_SECONDS} seconds.`)
  if (age < -SKEW_MS) return refuse('skewed', 'The request is not yet valid.')
  return age > seconds * 1000 ? refuse('expired', 'Request has expired') : undefined
}

import { UNSIGNED_PAYLOAD } from '@balcao/platform/aws'
import type { Body } from '../application/bodies/body.ts'
import { collect } from '../application/bodies/collect-body.ts'
import { ALGORITHMS } from '../domain/checksums.ts'
import { LARGEST_BODY } from '../domain/object.ts'
import { refusal } from '../domain/refusal.ts'
import { decodeAwsChunked, type Trailer } from './aws-chunked.ts'
import type { Call } from './call.ts'
import { CHECKSUM, checksumHeader } from './object-headers.ts'

/** What stands for the hash of a body that comes in S3's own chunks. */
const STREAMING = [
  'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER',
]
const UTF8 = new TextDecoder('utf-8', { fatal: true })

/** The checksum that stands in a request's headers: of its body, or of the object that it completes.
 *  @throws AppError `InvalidRequest`, `NotImplemented` */
export const checksumInHeaders = (call: Call) => checksumOf(call, { name: undefined, value: undefined })

/** The body of a request that stores bytes, with all that its headers say of it. Nothing is read, and a sender who
 *  waits for "100 Continue" waits, until its chunks are asked for.
 *  @throws AppError `MissingContentLength`, `EntityTooLarge`, `InvalidDigest`, `InvalidRequest`, `NotImplemented` */
export function bodyOf(call: Call, checksum: 'of_body' | 'of_object' = 'of_body'): Body {
  const streaming = STREAMING.includes(call.signed.payloadHash)
  const size = sizeOf(call, streaming)
  const md5 = call.header('content-md5')
  if (md5 !== undefined && Buffer.from(md5, 'base64').length !== 16) throw refusal('InvalidDigest')
  const trailer: Trailer = { name: call.header('x-amz-trailer')?.toLowerCase(), value: undefined }
  return {
    size,
    chunks: streaming ? decodeAwsChunked(arriving(call), trailer, call.signed.chunks) : arriving(call),
    sha256: coveredHash(call.signed.payloadHash),
    md5,
    checksum: checksum === 'of_body' ? checksumOf(call, trailer) : undefined,
    // One that has come whole gets an answer.
    cancel: () => void (call.req.complete || call.req.destroy()),
  }
}

const continued = new WeakSet<Call['res']>()

/** Whether a sender still holds its body back, because it was not told to go on. */
export const isWaiting = (req: Call['req'], res: Call['res']): boolean =>
  // Who speaks 1.0 waits for nothing (RFC 9110 §10.1.1).
  req.headers.expect !== undefined && req.httpVersion !== '1.0' && !continued.has(res)

async function* arriving(call: Call): AsyncGenerator<Buffer> {
  // Only here, where the signature and all conditions have been looked at.
  if (isWaiting(call.req, call.res)) {
    call.res.writeContinue()
    continued.add(call.res)
  }
  try {
    // Left open where the rest of it is not wanted: its sender is to see why.
    for await (const chunk of call.req.iterator({ destroyOnReturn: false })) yield chunk as Buffer
  } catch {
    throw refusal('IncompleteBody', 'The connection ended before the body did.')
  }
}

function sizeOf(call: Call, streaming: boolean): number {
  const size = call.header(streaming ? 'x-amz-decoded-content-length' : 'content-length')
  if (size === undefined || !/^\d{1,15}$/.test(size)) throw refusal('MissingContentLength')
  if (Number(size) > LARGEST_BODY) throw refusal('EntityTooLarge')
  return Number(size)
}

function coveredHash(payloadHash: string): string | undefined {
  if (/^[\da-f]{64}$/.test(payloadHash)) return payloadHash
  if (payloadHash === UNSIGNED_PAYLOAD || STREAMING.includes(payloadHash)) return undefined
  throw refusal('NotImplemented', `x-amz-content-sha256: ${payloadHash} is not implemented.`)
}

function checksumOf(call: Call, trailer: Trailer): Body['checksum'] {
  const inHeaders = Object.keys(call.headers).filter(
    (name) => name.startsWith(CHECKSUM) && !['type', 'algorithm', 'mode'].includes(name.slice(CHECKSUM.length)),
  )
  const names = trailer.name ? [...inHeaders, trailer.name] : inHeaders
  if (names.length === 0) return undefined
  const algorithm = ALGORITHMS.find((each) => names[0] === checksumHeader(each))
  if (names.length > 1) throw refusal('InvalidRequest', 'Expecting a single x-amz-checksum- header.')
  if (!algorithm)
    throw refusal(
      'NotImplemented',
      `${names[0]} is not implemented; there are ${ALGORITHMS.map(checksumHeader).join()}.`,
    )
  return { algorithm, value: () => (trailer.name ? trailer.value : call.header(names[0]!)) }
}

/** A small body as text, verified like a large one.
 *  @param limit bytes  @throws AppError `EntityTooLarge`, `MalformedXML` where it is no UTF-8, and what `collect` throws */
export async function textOf(call: Call, limit: number, checksum?: 'of_object'): Promise<string> {
  const body = bodyOf(call, checksum)
  if (body.size > limit) throw refusal('EntityTooLarge')
  const { bytes } = await collect(body)
  try {
    return UTF8.decode(bytes)
  } catch {
    // Read otherwise, it could name another key.
    throw refusal('MalformedXML')
  }
}

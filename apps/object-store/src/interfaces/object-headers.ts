import type { NewObject } from '../application/objects/put-object.ts'
import { type Checksums, checksumTypeOf } from '../domain/checksums.ts'
import type { StoredObject } from '../domain/object.ts'
import { refusal } from '../domain/refusal.ts'
import { type Call, quoted } from './call.ts'
import { dispositionOf, UNKNOWN_TYPE } from './disposition.ts'

const KEPT = ['cache-control', 'content-disposition', 'content-language', 'expires']
const META = 'x-amz-meta-'
const RESPONSE = 'response-'
export const CHECKSUM = 'x-amz-checksum-'
export const checksumHeader = (algorithm: string) => CHECKSUM + algorithm.toLowerCase()
/** What the query of a GET may set, because whoever signed the URL said so. */
export const RESPONSE_PARAMETERS = [
  'response-cache-control',
  'response-content-disposition',
  'response-content-encoding',
  'response-content-language',
  'response-content-type',
  'response-expires',
]

/** What a request that stores an object says of it. Of a signed URL only what is signed counts: whoever holds it may
 *  send bytes, but not choose how they are shown.  @throws AppError `InvalidRequest` for more than 2 KB of metadata */
export function describedBy(call: Call): Pick<NewObject, 'contentType' | 'headers'> {
  const signed = (name: string) => (!call.signed.presigned || call.isSigned(name) ? call.header(name) : undefined)
  const headers: Record<string, string> = {}
  for (const name of [...KEPT, ...Object.keys(call.headers).filter((header) => header.startsWith(META))]) {
    const value = signed(name)
    if (value !== undefined) headers[name] = value
  }
  const encoding = signed('content-encoding')
    ?.split(',')
    .map((coding) => coding.trim())
    .filter((coding) => coding !== 'aws-chunked')
    .join(', ')
  if (encoding) headers['content-encoding'] = encoding
  const meta = Object.entries(headers).filter(([name]) => name.startsWith(META))
  if (meta.reduce((sum, [name, value]) => sum + name.length - META.length + Buffer.byteLength(value), 0) > 2048)
    throw refusal('InvalidRequest', 'Your metadata headers exceed the maximum allowed metadata size of 2 KB.')
  return { contentType: signed('content-type') ?? UNKNOWN_TYPE, headers }
}

/** The headers with which an object is shown. @param whole whether all its bytes are: then its checksum is right */
export function headersOf(object: StoredObject, call: Call, whole: boolean): Record<string, string> {
  const headers: Record<string, string> = {
    'accept-ranges': 'bytes',
    etag: quoted(object.etag),
    'last-modified': object.createdAt.toUTCString(),
    'content-type': object.contentType,
    ...object.headers,
  }
  for (const name of RESPONSE_PARAMETERS) {
    const value = call.query.get(name)
    if (value === undefined) continue
    if (/[^\t\x20-\x7e\x80-\xff]/.test(value)) throw refusal('InvalidArgument', `${name} cannot be sent in a header.`)
    headers[name.slice(RESPONSE.length)] = value
  }
  const disposition = headers['content-disposition'] ?? dispositionOf(headers['content-type']!)
  if (disposition) headers['content-disposition'] = disposition
  if (whole && call.header('x-amz-checksum-mode') === 'ENABLED') {
    for (const [name, value] of Object.entries(object.checksums)) {
      headers[checksumHeader(name)] = value
      headers['x-amz-checksum-type'] = checksumTypeOf(value)
    }
  }
  return headers
}

/** What a 304 says of an object: what its 200 would say of how to keep it (RFC 9110 §15.4.5). */
export function unchangedHeaders(object: StoredObject, call: Call): Record<string, string | undefined> {
  const { etag, 'last-modified': modified, 'cache-control': control, expires } = headersOf(object, call, false)
  return { etag, 'last-modified': modified, 'cache-control': control, expires }
}

/** The checksums that were verified, as the sender gave them. */
export const checksumHeaders = (checksums: Checksums): Record<string, string> =>
  Object.fromEntries(Object.entries(checksums).map(([name, value]) => [checksumHeader(name), value]))

import {
  ALGORITHM,
  amzDate,
  canonicalPath,
  canonicalQuery,
  canonicalRequest,
  type QueryPair,
  type Signer,
  scopeOf,
  signature,
  UNSIGNED_PAYLOAD,
} from './sigv4.ts'

export interface ToSign {
  readonly method: string
  /** `https://host:port`, as the request's Host header will say. */
  readonly origin: string
  /** Raw, as it goes on the wire: encoded, with its leading slash. */
  readonly path: string
  /** Decoded; encoded here. */
  readonly query?: Readonly<Record<string, string>>
  /** Signed beside `host`: whoever sends the request must send exactly these. */
  readonly headers?: Readonly<Record<string, string>>
}

const hostOf = (origin: string) => origin.slice(origin.indexOf('//') + 2)

const byName = ([a]: QueryPair, [b]: QueryPair) => (a < b ? -1 : 1)
const lowerCased = (headers: Readonly<Record<string, string>>): QueryPair[] =>
  Object.entries(headers)
    .map(([name, value]): QueryPair => [name.toLowerCase(), value])
    .sort(byName)

/** A URL whose query holds the signature. The same input gives the same bytes.
 *  @param options.at the moment of signing  @param options.expiresIn seconds it is good for, at most 604,800 */
export function presign(request: ToSign, signer: Signer, options: { at: Date; expiresIn: number }): string {
  const date = amzDate(options.at)
  const headers = lowerCased({ ...request.headers, host: hostOf(request.origin) })
  const query = canonicalQuery([
    ['X-Amz-Algorithm', ALGORITHM],
    ['X-Amz-Credential', `${signer.accessKeyId}/${scopeOf(date.slice(0, 8), signer)}`],
    ['X-Amz-Date', date],
    ['X-Amz-Expires', String(options.expiresIn)],
    ['X-Amz-SignedHeaders', headers.map(([name]) => name).join(';')],
    ...Object.entries(request.query ?? {}),
  ])
  const path = canonicalPath(request.path, signer.service)
  const canonical = canonicalRequest({ method: request.method, path, query, headers, payloadHash: UNSIGNED_PAYLOAD })
  return `${request.origin}${request.path}?${query}&X-Amz-Signature=${signature(date, signer, canonical)}`
}

/** The headers to send: those given, `host`, `x-amz-date`, `x-amz-content-sha256` for S3, and `authorization`.
 *  @param options.payloadHash the body's SHA-256 in hexadecimal, or for S3 one of its words (UNSIGNED-PAYLOAD) */
export function signHeaders(
  request: ToSign,
  signer: Signer,
  options: { at: Date; payloadHash: string },
): Record<string, string> {
  const date = amzDate(options.at)
  const headers = lowerCased({
    ...request.headers,
    host: hostOf(request.origin),
    'x-amz-date': date,
    ...(signer.service === 's3' ? { 'x-amz-content-sha256': options.payloadHash } : {}),
  })
  const canonical = canonicalRequest({
    method: request.method,
    path: canonicalPath(request.path, signer.service),
    query: canonicalQuery(Object.entries(request.query ?? {})),
    headers,
    payloadHash: options.payloadHash,
  })
  const names = headers.map(([name]) => name).join(';')
  const credential = `${signer.accessKeyId}/${scopeOf(date.slice(0, 8), signer)}`
  const authorization = `${ALGORITHM} Credential=${credential}, SignedHeaders=${names}, Signature=${signature(date, signer, canonical)}`
  return { ...Object.fromEntries(headers), authorization }
}

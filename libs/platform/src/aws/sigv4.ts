import { createHmac, createSecretKey, hash, type KeyObject } from 'node:crypto'

/** The rules of AWS Signature Version 4 that signing and verifying share
 *  (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html). */

export const ALGORITHM = 'AWS4-HMAC-SHA256'
export const UNSIGNED_PAYLOAD = 'UNSIGNED-PAYLOAD'

/** A pair of the query, decoded. */
export type QueryPair = readonly [name: string, value: string]

/** Whose signature and for which service: `s3`, `cognito-idp`. */
export interface Signer {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly region: string
  readonly service: string
}

/** Percent-encodes all but `A-Za-z0-9-._~`. @throws URIError on half a surrogate pair */
export function uriEncode(text: string): string {
  if (/^[\w.~-]*$/.test(text)) return text
  return encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
}

/** A key or path, encoded once, its slashes kept. */
export const encodePath = (path: string): string =>
  /^[\w.~/-]*$/.test(path) ? path : path.split('/').map(uriEncode).join('/')

/** A raw query as pairs, in its order. `+` is a plus, as in a signature; whoever reads a signed request reads
 *  its query with this, or something else than what was signed could be done.
 *  @throws URIError on a broken escape */
export function parseQuery(raw: string): QueryPair[] {
  return raw
    .split('&')
    .filter(Boolean)
    .map((pair) => {
      const at = pair.indexOf('=')
      const [name, value] = at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)]
      return [decodeURIComponent(name), decodeURIComponent(value)]
    })
}

/** Encoded and sorted by name, then value, as bytes. */
export function canonicalQuery(pairs: readonly QueryPair[]): string {
  return pairs
    .map(([name, value]) => `${uriEncode(name)}=${uriEncode(value)}`)
    .sort((a, b) => {
      const [nameA, nameB] = [a.slice(0, a.indexOf('=')), b.slice(0, b.indexOf('='))]
      if (nameA !== nameB) return nameA < nameB ? -1 : 1
      return a < b ? -1 : a > b ? 1 : 0
    })
    .join('&')
}

/** S3 signs the path as it is meant; every other service signs it as it is sent, escaped once more.
 *  @param path raw, as on the wire  @throws URIError on a broken escape */
export const canonicalPath = (path: string, service: string): string =>
  service === 's3' ? encodePath(decodeURIComponent(path)) : encodePath(path)

const trimmed = (value: string) => value.trim().replace(/ +/g, ' ')

/** @param path canonical  @param query canonical  @param headers those that are signed, named in lower case */
export function canonicalRequest(request: {
  readonly method: string
  readonly path: string
  readonly query: string
  readonly headers: readonly QueryPair[]
  readonly payloadHash: string
}): string {
  const headers = request.headers.map(([name, value]) => `${name}:${trimmed(value)}\n`).join('')
  const names = request.headers.map(([name]) => name).join(';')
  return `${request.method}\n${request.path}\n${request.query}\n${headers}\n${names}\n${request.payloadHash}`
}

/** `20260115T120000Z` */
export const amzDate = (at: Date): string => at.toISOString().replace(/[:-]|\.\d{3}/g, '')

/** The moment of an `x-amz-date`, or undefined where it is not one. */
export function parseAmzDate(text: string): Date | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text)
  if (!match) return undefined
  const [, y, mo, d, h, mi, s] = match
  const date = new Date(`${y}-${mo}-${d}T${h}:${mi}:${s}Z`)
  return Number.isNaN(date.getTime()) ? undefined : date
}

export const scopeOf = (day: string, { region, service }: Pick<Signer, 'region' | 'service'>): string =>
  `${day}/${region}/${service}/aws4_request`

const hmac = (key: Buffer | string, text: string) => createHmac('sha256', key).update(text).digest()

// A key is good for a day, a region and a service; deriving it costs four HMACs, signing with it one.
// As a KeyObject, because createHmac takes five times as long with a Buffer.
const derived = new Map<string, KeyObject>()
const MOST_DERIVED = 64

function signingKey(day: string, signer: Omit<Signer, 'accessKeyId'>): KeyObject {
  const name = `${day}/${signer.region}/${signer.service}/${signer.secretAccessKey}`
  let key = derived.get(name)
  if (!key) {
    const scope = [day, signer.region, signer.service, 'aws4_request']
    key = createSecretKey(scope.reduce<Buffer>(hmac, Buffer.from(`AWS4${signer.secretAccessKey}`)))
    if (derived.size >= MOST_DERIVED) derived.clear()
    derived.set(name, key)
  }
  return key
}

/** The signature in hexadecimal. @param date `x-amz-date`'s form  @param request canonical */
export function signature(date: string, signer: Omit<Signer, 'accessKeyId'>, request: string): string {
  const toSign = `${ALGORITHM}\n${date}\n${scopeOf(date.slice(0, 8), signer)}\n${hash('sha256', request)}`
  return signText(date, signer, toSign)
}

/** Signs a "string to sign" of any kind. */
export const signText = (date: string, signer: Omit<Signer, 'accessKeyId'>, text: string): string =>
  createHmac('sha256', signingKey(date.slice(0, 8), signer))
    .update(text)
    .digest('hex')

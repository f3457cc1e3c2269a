import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto'
import { SignatureV4 } from '@smithy/signature-v4'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodePath, parseQuery, type Signer } from './sigv4.ts'
import type { SignedRequest } from './sigv4-claim.ts'
import { presign, signHeaders } from './sigv4-sign.ts'
import { verifySigV4 } from './sigv4-verify.ts'

const EMPTY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
const suite: Signer = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  region: 'us-east-1',
  service: 'service',
}
const s3: Signer = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  region: 'us-east-1',
  service: 's3',
}
const signatureIn = (text: string | undefined) => /Signature=([0-9a-f]{64})/.exec(text ?? '')?.[1]

/** The SDK's own signer over Node's hashes. */
class NodeSha256 {
  readonly #hash: Hash | Hmac
  constructor(secret?: string | Uint8Array) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', secret as Uint8Array)
  }
  update(data: string | Uint8Array) {
    this.#hash.update(data as Uint8Array)
  }
  async digest() {
    return new Uint8Array(this.#hash.digest())
  }
  reset() {}
}
const sdkSigner = (signer: Signer) =>
  new SignatureV4({
    credentials: signer,
    region: signer.region,
    service: signer.service,
    sha256: NodeSha256 as never,
    uriEscapePath: signer.service !== 's3',
  })

const at = new Date('2026-01-15T12:00:00Z')
const keys: Signer = { accessKeyId: 'BKOSEXAMPLE', secretAccessKey: 'a secret', region: 'sa-east-1', service: 's3' }
const lookup = (id: string) => (id === keys.accessKeyId ? keys.secretAccessKey : undefined)
const wire = (method: string, url: string, headers: SignedRequest['headers'] = {}): SignedRequest => {
  const [, host, path, query] = /^https?:\/\/([^/]+)([^?]*)\??(.*)$/.exec(url)!
  return { method, path: path!, query: query!, headers: { host, ...headers } }
}
const check = (request: SignedRequest, now = at) => verifySigV4(request, lookup, { service: 's3', now })
const refusal = (request: SignedRequest, now = at) => {
  const answer = check(request, now)
  return answer.ok ? 'accepted' : answer.reason
}
const origin = 'http://127.0.0.1:3002'
const signedUrl = (expiresIn = 60) => presign({ method: 'GET', origin, path: '/bucket/a/key' }, keys, { at, expiresIn })

const text = fc.string({ unit: 'binary', maxLength: 12 })
// The SDK's signer loses a parameter of this name.
const key = fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }).filter((name) => name !== '__proto__')

describe("AWS's published signatures", () => {
  it('are made for get-vanilla of its test suite', () => {
    const { authorization } = signHeaders(
      { method: 'GET', origin: 'https://example.amazonaws.com', path: '/' },
      suite,
      { at: new Date('2015-08-30T12:36:00Z'), payloadHash: EMPTY },
    )
    expect(authorization).toBe(
      'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31',
    )
  })

  it.each([
    [
      "S3's GET with a range",
      { path: '/test.txt', headers: { Range: 'bytes=0-9' } },
      'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
    ],
    [
      "S3's list",
      { path: '/', query: { 'max-keys': '2', prefix: 'J' } },
      '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
    ],
  ])('are made for %s', (_, request, expected) => {
    const headers = signHeaders({ method: 'GET', origin: 'https://examplebucket.s3.amazonaws.com', ...request }, s3, {
      at: new Date('2013-05-24T00:00:00Z'),
      payloadHash: EMPTY,
    })
    expect(signatureIn(headers.authorization)).toBe(expected)
  })

  it("are made for S3's signed URL", () => {
    const url = presign({ method: 'GET', origin: 'https://examplebucket.s3.amazonaws.com', path: '/test.txt' }, s3, {
      at: new Date('2013-05-24T00:00:00Z'),
      expiresIn: 86400,
    })
    expect(signatureIn(url)).toBe('aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404')
  })
})

describe('our signer and the SDK', () => {
  it('agree on signed URLs of any key, query and header', async () => {
    await fc.assert(
      fc.asyncProperty(
        key,
        fc.dictionary(key, text),
        fc.integer({ min: 1, max: 604800 }),
        async (name, query, expiresIn) => {
          fc.pre(!Object.keys(query).some((k) => k.toLowerCase().startsWith('x-amz-')))
          const path = `/bucket/${encodePath(name)}`
          const ours = presign({ method: 'PUT', origin, path, query, headers: { 'content-length': '42' } }, keys, {
            at,
            expiresIn,
          })
          const hash = 'x-amz-content-sha256'
          const theirs = await sdkSigner(keys).presign(
            {
              method: 'PUT',
              protocol: 'http:',
              hostname: '127.0.0.1',
              port: 3002,
              path,
              query,
              headers: { host: '127.0.0.1:3002', 'content-length': '42', [hash]: 'UNSIGNED-PAYLOAD' },
            },
            { signingDate: at, expiresIn, unhoistableHeaders: new Set([hash]), unsignableHeaders: new Set([hash]) },
          )
          const given = new Map(parseQuery(ours.slice(ours.indexOf('?') + 1)))
          expect(given.get('X-Amz-Signature')).toBe(theirs.query!['X-Amz-Signature'])
          expect(check(wire('PUT', ours, { 'content-length': '42' })).ok).toBe(true)
        },
      ),
    )
  })

  it.each(['s3', 'cognito-idp'])('agree on signed headers of any path, for %s', async (service) => {
    const signer = { ...keys, service }
    await fc.assert(
      fc.asyncProperty(key, fc.dictionary(key, text), text, async (name, query, value) => {
        const path = `/${encodePath(name.replaceAll(/[./]/g, '_'))}`
        const headers = { 'x-amz-meta-note': value.replaceAll(/[^ -~]/g, ' ') }
        const ours = signHeaders({ method: 'POST', origin, path, query, headers }, signer, { at, payloadHash: EMPTY })
        const theirs = await sdkSigner(signer).sign(
          {
            method: 'POST',
            protocol: 'http:',
            hostname: '127.0.0.1',
            port: 3002,
            path,
            query,
            headers: { ...headers, host: '127.0.0.1:3002', 'x-amz-content-sha256': EMPTY },
          },
          { signingDate: at, unsignableHeaders: service === 's3' ? new Set() : new Set(['x-amz-content-sha256']) },
        )
        expect(signatureIn(ours.authorization)).toBe(signatureIn(theirs.headers.authorization))
      }),
    )
  })
})

describe('a signed URL', () => {
  it('is byte for byte the same when it is made again for the same moment', () => {
    expect(signedUrl()).toBe(signedUrl())
  })

  it('D1-23: is accepted until its last second and not after', () => {
    expect(refusal(wire('GET', signedUrl(60)), new Date('2026-01-15T12:01:00Z'))).toBe('accepted')
    expect(refusal(wire('GET', signedUrl(60)), new Date('2026-01-15T12:01:01Z'))).toBe('expired')
  })

  it.each([
    ['for more than seven days', signedUrl(604_801), 'expires_too_long'],
    ['for no time', signedUrl(0), 'expires_too_long'],
    ['with its time stretched', signedUrl().replace('Expires=60', 'Expires=3600'), 'mismatch'],
    ['for another key', signedUrl().replace('/a/key', '/a/other'), 'mismatch'],
    ['for another host', signedUrl().replace('127.0.0.1', 'localhost'), 'mismatch'],
    ['with a parameter added', `${signedUrl()}&response-content-type=text/html`, 'mismatch'],
    ['with a field given twice', `${signedUrl()}&X-Amz-Expires=9`, 'malformed'],
    ['without its host signed', signedUrl().replace('SignedHeaders=host', 'SignedHeaders=range'), 'malformed'],
    ['with the scope of another service', signedUrl().replace('%2Fs3%2F', '%2Fiam%2F'), 'malformed'],
    ['with the scope of another region', signedUrl().replace('sa-east-1', 'us-east-1'), 'mismatch'],
    ['with the scope of another day', signedUrl().replace('%2F20260115%2F', '%2F20260114%2F'), 'malformed'],
    ['of a key nobody has', signedUrl().replace('BKOSEXAMPLE', 'BKOSNOBODY'), 'unknown_key'],
    ['with a broken escape', signedUrl().replace('/a/key', '/a/%zz'), 'malformed'],
    ['with a shortened signature', signedUrl().slice(0, -1), 'mismatch'],
  ])('%s is refused', (_, url, reason) => {
    expect(refusal(wire('GET', url))).toBe(reason)
  })

  it('D1-42: is refused for another method', () => {
    expect(refusal(wire('DELETE', signedUrl()))).toBe('mismatch')
  })

  it('is refused with an x-amz header that was not signed', () => {
    expect(refusal(wire('GET', signedUrl(), { 'x-amz-copy-source': '/bucket/other' }))).toBe('unsigned_header')
  })

  it('is refused where a signed header is missing or another', () => {
    const url = presign({ method: 'PUT', origin, path: '/b/k', headers: { 'content-length': '5' } }, keys, {
      at,
      expiresIn: 60,
    })
    expect(refusal(wire('PUT', url, { 'content-length': '5' }))).toBe('accepted')
    expect(refusal(wire('PUT', url, { 'content-length': '6' }))).toBe('mismatch')
    expect(refusal(wire('PUT', url))).toBe('mismatch')
  })

  it('is refused with any one byte of its signature changed', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 64 }), fc.constantFrom(...'0123456789abcdef'), (back, digit) => {
        const url = signedUrl()
        const changed = url.slice(0, url.length - back) + digit + url.slice(url.length - back + 1)
        expect(refusal(wire('GET', changed))).toBe(changed === url ? 'accepted' : 'mismatch')
      }),
    )
  })
})

describe('a request signed in its header', () => {
  const signed = (payloadHash = EMPTY) =>
    signHeaders({ method: 'GET', origin, path: '/b/k' }, keys, { at, payloadHash })
  const request = (headers: SignedRequest['headers']): SignedRequest => ({
    method: 'GET',
    path: '/b/k',
    query: '',
    headers,
  })

  it('is accepted with the region, the key and the hash that it names', () => {
    expect(check(request(signed('UNSIGNED-PAYLOAD')))).toMatchObject({
      ok: true,
      region: 'sa-east-1',
      accessKeyId: 'BKOSEXAMPLE',
      presigned: false,
      payloadHash: 'UNSIGNED-PAYLOAD',
    })
  })

  it.each([
    [15 * 60, 'accepted'],
    [15 * 60 + 1, 'skewed'],
    [-15 * 60, 'accepted'],
    [-15 * 60 - 1, 'skewed'],
  ])('%i seconds later is %s', (seconds, expected) => {
    expect(refusal(request(signed()), new Date(at.getTime() + seconds * 1000))).toBe(expected)
  })

  it.each([
    ['no signature', { host: 'h' }, 'missing'],
    ['another scheme', { ...signed(), authorization: 'Bearer x' }, 'malformed'],
    ['another hash of the body', { ...signed(), 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' }, 'mismatch'],
    ['no hash of the body', { ...signed(), 'x-amz-content-sha256': undefined }, 'malformed'],
    ['another date', { ...signed(), 'x-amz-date': '20260115T120001Z' }, 'mismatch'],
    ['a date that is none', { ...signed(), 'x-amz-date': '20261315T120001Z' }, 'malformed'],
  ])('%s is refused', (_, headers, reason) => {
    expect(refusal(request(headers))).toBe(reason)
  })

  it('and in its query is refused', () => {
    expect(refusal(wire('GET', signedUrl(), signed()))).toBe('malformed')
  })

  it('covers the body of a service that hashes it', () => {
    const signer = { ...keys, service: 'cognito-idp' }
    const headers = signHeaders({ method: 'POST', origin, path: '/' }, signer, { at, payloadHash: EMPTY })
    const verify = (payloadHash: string) =>
      verifySigV4({ method: 'POST', path: '/', query: '', headers }, lookup, {
        service: 'cognito-idp',
        now: at,
        payloadHash,
      })
    expect(verify(EMPTY).ok).toBe(true)
    expect(verify(EMPTY.replace('e', 'f'))).toMatchObject({ ok: false, reason: 'mismatch' })
  })
})

import { createHash } from 'node:crypto'
import { request as httpRequest } from 'node:http'
import { crc32 } from 'node:zlib'
import { ChunkSignatures, encodePath, signHeaders } from '@balcao/platform/aws'
import fc from 'fast-check'
import { XMLValidator } from 'fast-xml-parser'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { logTo, openWire, type Wire } from './wire.ts'

const MiB = 1024 * 1024
let wire: Wire
let uploadId: string
const failures: unknown[] = []
beforeAll(async () => {
  wire = await openWire({ log: logTo(failures) })
  await wire.signed('PUT', wire.path(wire.bucket, 'there'), { body: 'bytes' })
  uploadId = /<UploadId>(\w+)</.exec((await wire.signed('POST', `${wire.path(wire.bucket, 'up')}?uploads`)).text)![1]!
})
afterAll(() => wire.close())

/** Text of any kind: NUL, control characters, numbers beyond every limit, half a base64. */
const anything = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.constantFrom(
    '',
    '\0',
    'a\0b',
    '-1',
    '1e9',
    '9'.repeat(40),
    '%00',
    '../..',
    '\u{1F95D}',
    'AAAA',
    'AA==',
    '\x01',
    '"',
    "'",
  ),
  fc.constantFrom(
    '2026-13-45',
    'Thu, 01 Jan 1970 00:00:00 GMT',
    'bytes=0-',
    'bytes=9-1',
    'bytes=-0',
    '*',
    '"x"',
    'STANDARD',
  ),
  fc.integer().map(String),
  fc.base64String({ maxLength: 40 }),
)
/** What may stand in a header. */
const inHeader = anything.map((text) => text.replace(/[^\t\x20-\x7e\x80-\xff]/g, '').trim())

const QUERY = [
  'uploadId',
  'uploads',
  'partNumber',
  'list-type',
  'prefix',
  'delimiter',
  'max-keys',
  'start-after',
  'continuation-token',
  'encoding-type',
  'max-parts',
  'part-number-marker',
  'delete',
  'location',
  'versionId',
  'response-content-type',
  'x-id',
] as const
const HEADERS = [
  'range',
  'if-match',
  'if-none-match',
  'if-modified-since',
  'if-unmodified-since',
  'if-range',
  'content-md5',
  'content-type',
  'x-amz-meta-part-size',
  'x-amz-meta-x',
  'x-amz-copy-source',
  'x-amz-metadata-directive',
  'x-amz-checksum-crc32',
  'x-amz-checksum-sha256',
  'x-amz-checksum-algorithm',
  'x-amz-sdk-checksum-algorithm',
  'x-amz-copy-source-if-match',
  'x-amz-acl',
  'x-amz-storage-class',
  'x-amz-decoded-content-length',
] as const

describe('whatever a client sends', () => {
  it('is answered as what it is: never as a failure of ours, and in XML that can be read', async () => {
    const request = fc.record({
      method: fc.constantFrom('GET', 'PUT', 'POST', 'DELETE', 'HEAD'),
      bucket: fc.oneof({ weight: 6, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: anything }),
      key: fc.oneof(fc.constantFrom('', 'there', 'up', 'new'), anything),
      query: fc.dictionary(fc.constantFrom(...QUERY), fc.oneof(anything, fc.constant('uploadId')), { maxKeys: 3 }),
      headers: fc.dictionary(fc.constantFrom(...HEADERS), inHeader, { maxKeys: 3 }),
      body: fc.option(anything, { nil: undefined }),
    })
    await fc.assert(
      fc.asyncProperty(request, async ({ method, bucket, key, query, headers, body }) => {
        const path = `/${encode(bucket ?? wire.bucket)}${key === '' ? '' : `/${encodePath(key.toWellFormed())}`}`
        const search = Object.entries(query)
          .map(([name, value]) => `${encode(name)}=${encode(value === 'uploadId' ? uploadId : value)}`)
          .join('&')
        const answer = await wire.signed(method, search ? `${path}?${search}` : path, {
          headers,
          ...(body === undefined || method === 'GET' || method === 'HEAD' ? {} : { body }),
        })
        expect(answer.status).not.toBe(500)
        if (answer.headers['content-type'] === 'application/xml' && answer.text !== '') {
          expect(XMLValidator.validate(answer.text)).toBe(true)
        }
      }),
      { numRuns: 1500 },
    )
    expect(failures).toEqual([])
  })

  it('is so too where the query of a signed URL holds its headers', async () => {
    const request = fc.record({
      method: fc.constantFrom('GET', 'PUT', 'POST', 'DELETE', 'HEAD'),
      key: fc.constantFrom('there', 'new'),
      upper: fc.boolean(),
      hoisted: fc.dictionary(fc.constantFrom(...HEADERS), fc.oneof(anything, inHeader), { minKeys: 1, maxKeys: 3 }),
      sent: fc.dictionary(fc.constantFrom(...HEADERS), inHeader, { maxKeys: 2 }),
      query: fc.dictionary(fc.constantFrom(...QUERY), anything, { maxKeys: 1 }),
    })
    await fc.assert(
      fc.asyncProperty(request, async ({ method, key, upper, hoisted, sent, query }) => {
        const named = Object.entries(hoisted).map(([name, value]) => [
          upper ? name.replace(/\b[a-z]/g, (letter) => letter.toUpperCase()) : name,
          value.toWellFormed(),
        ])
        const wellFormed = Object.entries(query).map(([name, value]) => [name, value.toWellFormed()])
        const target = wire.sign(method, key, { query: Object.fromEntries([...wellFormed, ...named]), headers: sent })
        const answer = await wire.raw(method, target, {
          ...sent,
          ...(method === 'PUT' ? { 'content-length': '0' } : {}),
        })
        expect(answer.status).not.toBe(500)
        if (method === 'PUT' && answer.status === 200)
          expect((await wire.signed('GET', wire.path(wire.bucket, key))).status).toBe(200)
      }),
      { numRuns: 500 },
    )
    expect(failures).toEqual([])
  })

  it('is so too of bodies in chunks, signed or not, that were changed on their way: whole or nothing', async () => {
    const { keys } = wire.platform.config.store
    const signer = { ...keys, region: wire.platform.config.region, service: 's3' }
    const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
    const change = fc.record({
      at: fc.nat(400),
      remove: fc.nat(3),
      insert: fc.oneof(
        fc.constantFrom('', '\r\n', '0\r\n\r\n', '\0', ';', 'x-amz-checksum-crc32:AAAA\r\n'),
        fc.constantFrom(...'0123456789abcdef'),
      ),
    })
    const request = fc.record({
      signed: fc.boolean(),
      trailer: fc.boolean(),
      parts: fc.array(fc.constantFrom('a', 'bc', 'x'.repeat(20)), { maxLength: 3 }),
      size: fc.option(fc.nat(60), { nil: undefined }),
      changes: fc.array(change, { maxLength: 2 }),
    })
    await fc.assert(
      fc.asyncProperty(request, async ({ signed, trailer, parts, size, changes }) => {
        const whole = parts.join('')
        const crc = Buffer.alloc(4)
        crc.writeUInt32BE(crc32(whole))
        const path = wire.path(wire.bucket, 'chunks')
        await wire.signed('DELETE', path)
        const kind = signed ? 'AWS4-HMAC-SHA256-PAYLOAD' : 'UNSIGNED-PAYLOAD'
        const answer = await wire.signed('PUT', path, {
          payloadHash: `STREAMING-${kind}${trailer || !signed ? '-TRAILER' : ''}`,
          headers: {
            'x-amz-decoded-content-length': String(size ?? whole.length),
            ...(trailer ? { 'x-amz-trailer': 'x-amz-checksum-crc32' } : {}),
          },
          body: (authorization, date) => {
            const chain = new ChunkSignatures(date, signer, /Signature=(\w+)/.exec(authorization)![1]!)
            const signature = (part: string) => (signed ? `;chunk-signature=${chain.chunk(sha256(part))}` : '')
            const line = `x-amz-checksum-crc32:${crc.toString('base64')}`
            const framed = [...parts, ''].map(
              (part) => `${part.length.toString(16)}${signature(part)}\r\n${part === '' ? '' : `${part}\r\n`}`,
            )
            if (trailer) framed.push(`${line}\r\n`)
            if (trailer && signed) framed.push(`x-amz-trailer-signature:${chain.trailer(sha256(`${line}\n`))}\r\n`)
            return changes.reduce(
              (text, { at, remove, insert }) => text.slice(0, at) + insert + text.slice(at + remove),
              `${framed.join('')}\r\n`,
            )
          },
        })
        expect([200, 400, 403]).toContain(answer.status)
        const stored = await wire.signed('GET', path)
        expect(stored.status).toBe(answer.status === 200 ? 200 : 404)
        if (answer.status === 200 && (signed || trailer)) expect(stored.text).toBe(whole)
        if (changes.length === 0 && (size ?? whole.length) === whole.length) expect(answer.status).toBe(200)
      }),
      { numRuns: 400 },
    )
    expect(failures).toEqual([])
  })

  it.each(['\0', 'x\0', '', 'é'.repeat(60), '-'.repeat(101)])('no upload has the id %j', async (id) => {
    for (const method of ['GET', 'DELETE', 'POST']) {
      const body =
        '<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>x</ETag></Part></CompleteMultipartUpload>'
      const target = `${wire.path(wire.bucket, 'up')}?uploadId=${encode(id)}`
      const answer = await wire.signed(method, target, method === 'POST' ? { body } : {})
      expect([answer.status, answer.code]).toEqual([404, 'NoSuchUpload'])
    }
  })

  it.each(['\0', 'AA', 'AAA', 'a b', '////', '!', Buffer.from('a\0').toString('base64url')])(
    'no page follows the token %j',
    async (token) => {
      const answer = await wire.signed('GET', `/${wire.bucket}?list-type=2&continuation-token=${encode(token)}`)
      expect([answer.status, answer.code]).toEqual([400, 'InvalidArgument'])
    },
  )

  it.each([5 * MiB - 1, 5 * 1024 * MiB + 1, 2 ** 52, 2 ** 53, -1, 1.5, Number.NaN])(
    'no upload has parts of %d bytes',
    async (size) => {
      const headers = { 'x-amz-meta-part-size': String(size) }
      const answer = await wire.signed('POST', `${wire.path(wire.bucket, 'sized')}?uploads`, { headers })
      expect([answer.status, answer.code]).toEqual([400, 'InvalidArgument'])
    },
  )

  it('a key that XML cannot hold is listed when it is asked for in another way, and else says so', async () => {
    await wire.signed('PUT', wire.path(wire.bucket, 'odd/\x01'), { body: 'x' })
    const plain = await wire.signed('GET', `/${wire.bucket}?list-type=2&prefix=odd`)
    expect([plain.status, plain.code, plain.text]).toEqual([
      400,
      'InvalidRequest',
      expect.stringContaining('encoding-type=url'),
    ])
    const url = await wire.signed('GET', `/${wire.bucket}?list-type=2&prefix=odd&encoding-type=url`)
    expect(url.text).toContain('<Key>odd/%01</Key>')
    await wire.signed('DELETE', wire.path(wire.bucket, 'odd/\x01'))
  })
})

describe('a request in XML', () => {
  const remove = (body: Buffer | string) => wire.signed('POST', `/${wire.bucket}?delete`, { body })
  const isThere = async (key: string) => (await wire.signed('HEAD', wire.path(wire.bucket, key))).status === 200

  it('names one key and no other: by a number that XML has no character for, by bytes that are no text', async () => {
    for (const key of ['ab', 'a\x01b', 'a\ufffdb']) await wire.signed('PUT', wire.path(wire.bucket, key), { body: 'x' })
    const [before, after] = ['<Delete><Object><Key>a', 'b</Key></Object></Delete>'].map((part) => Buffer.from(part))
    const broken = await remove(Buffer.concat([before!, Buffer.of(0xff), after!]))
    expect([broken.status, broken.code]).toEqual([400, 'MalformedXML'])
    expect((await remove(`${before}&#xD800;${after}`)).code).toBe('MalformedXML')
    expect((await remove(`${before}&#1;${after}`)).text).toContain('<Deleted>')
    expect([await isThere('ab'), await isThere('a\x01b'), await isThere('a\ufffdb')]).toEqual([true, false, true])
  })

  it.each([
    ['deep', `<Delete>${'<a>'.repeat(200)}${'</a>'.repeat(200)}</Delete>`],
    ['named as what objects have', '<Delete><__proto__/></Delete>'],
  ])('that is %s is malformed, and no failure of ours', async (_, body) => {
    const answer = await remove(body)
    expect([answer.status, answer.code]).toEqual([400, 'MalformedXML'])
    expect(failures).toEqual([])
  })

  it('is read to the length that was said, and no further', async () => {
    const { store, urls, region, ports } = wire.platform.config
    const target = `/${wire.bucket}?delete`
    const headers = signHeaders(
      {
        method: 'POST',
        origin: urls.objectStore,
        path: `/${wire.bucket}`,
        query: { delete: '' },
        headers: { 'content-length': String(1024 * MiB), 'x-amz-decoded-content-length': '10' },
      },
      { ...store.keys, region, service: 's3' },
      { at: wire.platform.clock.now(), payloadHash: 'STREAMING-UNSIGNED-PAYLOAD-TRAILER' },
    )
    const status = await new Promise((resolve) => {
      const req = httpRequest({ host: '127.0.0.1', port: ports.objectStore, method: 'POST', path: target, headers })
      req.on('response', (res) => resolve(res.statusCode))
      req.on('error', resolve)
      // The rest of the chunk never comes.
      req.write('3ffff000\r\nmore than ten bytes')
    })
    expect(status).toBe(400)
  })
})

const encode = (text: string) => encodeURIComponent(text.toWellFormed())

import { createHash } from 'node:crypto'
import { Agent, request as httpRequest } from 'node:http'
import { crc32 } from 'node:zlib'
import { ManualClock } from '@balcao/kernel'
import { ChunkSignatures, signHeaders } from '@balcao/platform/aws'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { forFile, openWire, type Wire } from './wire.ts'

let wire: Wire
const clock = new ManualClock()
beforeAll(async () => {
  wire = await openWire({ clock })
})
afterAll(() => wire.close())

const at = (key: string) => wire.path(wire.bucket, key)
const put = (key: string, body: string | Buffer, headers: Record<string, string> = {}) =>
  wire.signed('PUT', at(key), { body, headers })
const get = (key: string, headers: Record<string, string> = {}) => wire.signed('GET', at(key), { headers })
const crcOf = (text: string) => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(crc32(text))
  return bytes.toString('base64')
}

describe('an answer', () => {
  it('never lets an HTML page that was uploaded run a script', async () => {
    const target = wire.sign('PUT', 'page.mp4')
    expect((await wire.raw('PUT', target, { 'content-type': 'text/html' }, '<script>alert(1)</script>')).status).toBe(
      200,
    )
    const shown = await wire.raw('GET', wire.sign('GET', 'page.mp4'))
    expect(shown.headers).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-disposition': 'attachment',
      'content-security-policy': 'sandbox',
      'x-content-type-options': 'nosniff',
    })
  })

  it('saves what the owner of the key calls HTML or SVG, and shows media', async () => {
    for (const [type, disposition] of [
      ['text/html; charset=utf-8', 'attachment'],
      ['image/svg+xml', 'attachment'],
      ['application/xhtml+xml', 'attachment'],
      ['text/javascript', 'attachment'],
      ['video/mp4', undefined],
      ['image/jpeg', undefined],
      ['application/vnd.apple.mpegurl', undefined],
    ] as const) {
      await put('shown', 'x', { 'content-type': type })
      const { headers } = await get('shown')
      expect([headers['content-type'], headers['content-disposition']]).toEqual([type, disposition])
    }
  })

  it('keeps what a signed request says of the object, and nothing that was not signed', async () => {
    const headers = { 'cache-control': 'private, max-age=60', 'x-amz-meta-part': 'one' }
    await put('described', 'x', headers)
    expect((await get('described')).headers).toMatchObject(headers)
    await wire.raw(
      'PUT',
      wire.sign('PUT', 'described'),
      { 'cache-control': 'public', 'content-disposition': 'inline' },
      'x',
    )
    const { headers: shown } = await get('described')
    expect([shown['cache-control'], shown['content-disposition']]).toEqual([undefined, 'attachment'])
  })

  it('may be read by the pages of Balcão only', async () => {
    await put('cors', 'x')
    const origin = wire.platform.config.urls.public
    const ours = await wire.raw('GET', wire.sign('GET', 'cors'), { origin })
    expect(ours.headers['access-control-allow-origin']).toBe(origin)
    expect(ours.headers['access-control-expose-headers']).toContain('ETag')
    expect(ours.headers['access-control-allow-credentials']).toBeUndefined()
    for (const foreign of ['https://evil.example', 'null', `${origin}.evil.example`, origin.replace(/\d+$/, '1')]) {
      const { headers } = await wire.raw('GET', wire.sign('GET', 'cors'), { origin: foreign })
      expect(headers['access-control-allow-origin']).toBeUndefined()
    }
  })

  it('lets those pages send bytes by signed URL', async () => {
    const headers = {
      origin: wire.platform.config.urls.public,
      'access-control-request-method': 'PUT',
      'access-control-request-headers': 'content-type,authorization',
    }
    const ours = await wire.raw('OPTIONS', wire.sign('PUT', 'cors'), headers)
    expect(ours.status).toBe(204)
    expect(ours.headers).toMatchObject({
      'access-control-allow-methods': 'GET, HEAD, PUT',
      'access-control-allow-headers': 'content-type',
    })
    const theirs = await wire.raw('OPTIONS', wire.sign('PUT', 'cors'), { ...headers, origin: 'https://evil.example' })
    expect(theirs.headers['access-control-allow-methods']).toBeUndefined()
  })

  it("is an error in S3's XML, and without a body to HEAD", async () => {
    const missing = await get('missing & "gone"')
    expect([missing.status, missing.code, missing.headers['content-type']]).toEqual([
      404,
      'NoSuchKey',
      'application/xml',
    ])
    expect(missing.text).toContain(`<RequestId>${missing.headers['x-amz-request-id']}</RequestId>`)
    const head = await wire.signed('HEAD', at('missing'))
    expect([head.status, head.text]).toEqual([404, ''])
  })

  it.each([
    ['GET', '?acl'],
    ['GET', '?versions'],
    ['DELETE', ''],
    ['GET', '?list-type=1'],
    ['POST', ''],
    ['PATCH', ''],
  ])('to %s on a bucket with "%s" is NotImplemented', async (method, query) => {
    const answer = await wire.signed(method, `/${wire.bucket}${query}`)
    expect([answer.status, answer.code]).toEqual([501, 'NotImplemented'])
  })

  it('names what is not implemented', async () => {
    const answer = await wire.signed('GET', `/${wire.bucket}?lifecycle`)
    expect(answer.text).toContain('<Message>GET on a bucket with &quot;lifecycle&quot; is not implemented.</Message>')
  })

  it('about versions of a bucket says that there are none', async () => {
    const answer = await wire.signed('GET', `/${wire.bucket}?versioning`)
    expect([answer.status, answer.text]).toEqual([
      200,
      expect.stringMatching(/<VersioningConfiguration[^>]*(\/>|><\/)/),
    ])
  })

  it.each([
    ['PUT', '?tagging', {}],
    ['DELETE', '?tagging', {}],
    ['GET', '?partNumber=1', {}],
    ['PUT', '?acl', {}],
    ['PUT', '', { 'x-amz-server-side-encryption': 'AES256' }],
    ['PUT', '', { 'x-amz-acl': 'public-read' }],
    ['PUT', '', { 'x-amz-storage-class': 'GLACIER' }],
    ['PUT', '', { 'x-amz-checksum-xxhash64': 'AAAAAAAAAAA=' }],
    ['POST', '', {}],
  ])('to %s on a key with "%s" %o is NotImplemented', async (method, query, headers) => {
    const answer = await wire.signed(method, `${at('k')}${query}`, { headers, body: 'x' })
    expect([answer.status, answer.code]).toEqual([501, 'NotImplemented'])
  })

  it('about a bucket that is not there says so', async () => {
    expect((await wire.signed('GET', '/auth/me')).code).toBe('NoSuchBucket')
    expect((await wire.signed('PUT', '/other/k', { body: 'x' })).code).toBe('NoSuchBucket')
  })

  it('about its health needs no signature', async () => {
    const answer = await wire.raw('GET', '/_health')
    expect([answer.status, JSON.parse(answer.text)]).toEqual([200, { status: 'ok', database: 'ok', disk: 'ok' }])
  })
})

describe('a request', () => {
  it.each([
    ['unsigned', 'AccessDenied', (target: string) => target.slice(0, target.indexOf('?'))],
    ['for another key', 'SignatureDoesNotMatch', (target: string) => target.replace('/mine', '/yours')],
    [
      'for another bucket',
      'SignatureDoesNotMatch',
      (target: string) => target.replace('balcao-media', 'video-temp-conversion'),
    ],
    ['with a longer life', 'SignatureDoesNotMatch', (target: string) => target.replace('Expires=60', 'Expires=61')],
    ['of another access key', 'InvalidAccessKeyId', (target: string) => target.replace('BKOS', 'AKIA')],
    [
      'with a field taken away',
      'AuthorizationQueryParametersError',
      (target: string) => target.replace(/&X-Amz-Date=\w+/, ''),
    ],
  ])('%s is refused', async (_, code, change) => {
    await put('mine', 'x')
    const answer = await wire.raw('GET', change(wire.sign('GET', 'mine')))
    expect(answer.code).toBe(code)
    expect(answer.status).toBeGreaterThanOrEqual(400)
  })

  it('signed as it was done before 2014 is told what to use', async () => {
    const answer = await wire.raw('GET', `${at('mine')}?AWSAccessKeyId=BKOS&Signature=x%3D&Expires=1795271757`)
    expect([answer.status, answer.code, answer.text.includes('AWS4-HMAC-SHA256')]).toEqual([
      400,
      'InvalidRequest',
      true,
    ])
  })

  it('D1-42: for more than seven days, or after its time, is refused', async () => {
    const long = await wire.raw('GET', wire.sign('GET', 'mine', { expiresIn: 604_801 }))
    expect([long.status, long.code]).toEqual([400, 'AuthorizationQueryParametersError'])
    const target = wire.sign('GET', 'mine', { expiresIn: 60 })
    clock.advance(61)
    const late = await wire.raw('GET', target)
    expect([late.status, late.code, late.text.includes('Request has expired')]).toEqual([403, 'AccessDenied', true])
  })

  it('cannot be turned into a copy of somebody else’s object by whoever holds a signed URL', async () => {
    const answer = await wire.raw('PUT', wire.sign('PUT', 'stolen'), { 'x-amz-copy-source': `/${wire.bucket}/mine` })
    expect([answer.status, answer.code]).toEqual([403, 'AccessDenied'])
  })

  it('by signed URL never learns where a file lies', async () => {
    await put('linked', forFile('x'))
    const asked = await wire.raw('HEAD', wire.sign('HEAD', 'linked', { headers: { 'x-balcao-link': '1' } }), {
      'x-balcao-link': '1',
    })
    expect([asked.status, asked.headers['x-balcao-file']]).toEqual([200, undefined])
    const owner = await wire.signed('HEAD', at('linked'), { headers: { 'x-balcao-link': '1' } })
    expect(owner.headers['x-balcao-file']).toMatch(/^[0-9a-f]{2}\/[0-9a-f]{32}$/)
  })
})

describe('a key', () => {
  it.each([
    '../../etc/passwd',
    'a/../b',
    './a',
    '/',
    '//',
    '/leading',
    'trailing/',
    '%2e%2e%2f',
    'C:\\x',
    'con',
    'é',
    'e\u0301',
    '\u0001\u007f',
    'x'.repeat(1024),
  ])('%j is only a name', async (key) => {
    expect((await put(key, `bytes of ${key}`)).status).toBe(200)
    expect((await get(key)).text).toBe(`bytes of ${key}`)
  })

  it('differs by case, by accents and by folder', async () => {
    for (const key of ['n', 'N', 'n/n', 'ñ', 'n\u0303']) await put(key, key)
    for (const key of ['n', 'N', 'n/n', 'ñ', 'n\u0303']) expect((await get(key)).text).toBe(key)
  })

  it('longer than 1024 bytes, with a zero byte or broken UTF-8 is refused', async () => {
    expect((await put('é'.repeat(513), 'x')).code).toBe('KeyTooLongError')
    expect((await put('a\0b', 'x')).code).toBe('InvalidURI')
    expect((await wire.raw('GET', wire.sign('GET', 'k').replace('/k?', '/%ff?'))).status).toBe(400)
  })
})

describe('a body', () => {
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
  const md5 = (text: string) => createHash('md5').update(text).digest('base64')

  it('other than signed is refused and leaves nothing', async () => {
    const answer = await wire.signed('PUT', at('hashed'), { body: 'other', payloadHash: sha256('signed') })
    expect([answer.status, answer.code]).toEqual([400, 'XAmzContentSHA256Mismatch'])
    expect((await get('hashed')).status).toBe(404)
    expect((await wire.signed('PUT', at('hashed'), { body: 'signed', payloadHash: sha256('signed') })).status).toBe(200)
  })

  it('with another MD5 is refused', async () => {
    expect((await put('md5', 'x', { 'content-md5': md5('y') })).code).toBe('BadDigest')
    expect((await put('md5', 'x', { 'content-md5': 'short' })).code).toBe('InvalidDigest')
    expect((await put('md5', 'x', { 'content-md5': md5('x') })).status).toBe(200)
  })

  it.each([
    ['crc32', crcOf('123456789')],
    // The check value of CRC-32C for 123456789 is e3069283.
    ['crc32c', Buffer.from('e3069283', 'hex').toString('base64')],
    ['sha1', createHash('sha1').update('123456789').digest('base64')],
    ['sha256', createHash('sha256').update('123456789').digest('base64')],
  ])('is held against its %s, which is given back', async (algorithm, value) => {
    const name = `x-amz-checksum-${algorithm}`
    const good = await put('sum', '123456789', { [name]: value })
    expect([good.status, good.headers[name]]).toEqual([200, value])
    expect((await get('sum', { 'x-amz-checksum-mode': 'ENABLED' })).headers[name]).toBe(value)
    expect((await get('sum', { 'x-amz-checksum-mode': 'ENABLED', range: 'bytes=0-1' })).headers[name]).toBeUndefined()
    expect((await put('sum', '12345678', { [name]: value })).code).toBe('BadDigest')
  })

  it('of another length than signed is refused', async () => {
    const target = wire.sign('PUT', 'length', { headers: { 'content-length': '5' } })
    expect((await wire.raw('PUT', target, { 'content-length': '6' }, '123456')).code).toBe('SignatureDoesNotMatch')
    expect((await wire.raw('PUT', target, { 'transfer-encoding': 'chunked' }, '12345')).code).toBe(
      'SignatureDoesNotMatch',
    )
    expect((await wire.raw('PUT', target, { 'content-length': '5' }, '12345')).status).toBe(200)
  })

  it('without a length is refused', async () => {
    const answer = await wire.raw('PUT', wire.sign('PUT', 'length'), { 'transfer-encoding': 'chunked' }, '12345')
    expect([answer.status, answer.code]).toEqual([411, 'MissingContentLength'])
  })

  it('of more than 5 GiB is refused before it is sent', async () => {
    const answer = await new Promise<number | undefined>((resolve, reject) => {
      const headers = { 'content-length': String(5 * 1024 ** 3 + 1), expect: '100-continue' }
      const req = httpRequest({
        host: '127.0.0.1',
        port: wire.platform.config.ports.objectStore,
        method: 'PUT',
        path: wire.sign('PUT', 'large'),
        headers,
      })
      req.on('continue', () => reject(new Error('was told to go on')))
      req.on('response', (res) => resolve(res.statusCode))
      req.on('error', reject)
      req.flushHeaders()
    })
    expect(answer).toBe(400)
  })

  it('that ends too early leaves nothing', async () => {
    await new Promise<void>((resolve) => {
      const headers = { 'content-length': '1000' }
      const req = httpRequest({
        host: '127.0.0.1',
        port: wire.platform.config.ports.objectStore,
        method: 'PUT',
        path: wire.sign('PUT', 'early'),
        headers,
      })
      req.on('error', () => resolve())
      req.write('only this', () => req.destroy())
      req.on('close', () => resolve())
    })
    expect((await get('early')).status).toBe(404)
  })

  describe('announced with "Expect: 100-continue"', () => {
    const announce = (target: string, body: string) =>
      new Promise<{ continued: boolean; status: number }>((resolve, reject) => {
        let continued = false
        const headers = { 'content-length': String(body.length), expect: '100-continue' }
        const req = httpRequest({
          host: '127.0.0.1',
          port: wire.platform.config.ports.objectStore,
          method: 'PUT',
          path: target,
          headers,
        })
        req.on('continue', () => {
          continued = true
          req.end(body)
        })
        req.on('response', (res) => {
          res.resume()
          resolve({ continued, status: res.statusCode! })
        })
        req.on('error', reject)
        req.flushHeaders()
      })

    it('is asked for only when the signature is right', async () => {
      expect(await announce(wire.sign('PUT', 'expected'), 'bytes')).toEqual({ continued: true, status: 200 })
      expect(await announce(wire.sign('PUT', 'expected').replace('expected', 'another'), 'bytes')).toEqual({
        continued: false,
        status: 403,
      })
    })
  })

  it('that was announced and is not wanted ends the connection: it may come or not', async () => {
    await put('unwanted', 'x')
    const { headers } = await wire.raw('GET', wire.sign('GET', 'unwanted'), {
      expect: '100-continue',
      'content-length': '5',
    })
    expect(headers.connection).toBe('close')
  })

  it.each([
    ['small', 100],
    ['large', 20 * 1024 * 1024],
  ])('that is refused in its middle is answered, and its connection is of use: %s', async (_, size) => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const send = (body: Buffer) =>
      new Promise<{ status: number; port: number }>((resolve, reject) => {
        const { store, urls, region, ports } = wire.platform.config
        const length = { 'content-length': String(body.length), 'x-amz-decoded-content-length': '10' }
        const headers = signHeaders(
          { method: 'PUT', origin: urls.objectStore, path: at('refused'), query: {}, headers: length },
          { ...store.keys, region, service: 's3' },
          { at: clock.now(), payloadHash: 'STREAMING-UNSIGNED-PAYLOAD-TRAILER' },
        )
        const req = httpRequest({ agent, port: ports.objectStore, method: 'PUT', path: at('refused'), headers })
        req.on('error', reject)
        req.on('response', (res) => {
          const { localPort } = res.socket
          res.resume().on('end', () => resolve({ status: res.statusCode!, port: localPort! }))
        })
        req.end(body)
      })
    const refused = await send(Buffer.concat([Buffer.from('fffffff\r\n'), Buffer.alloc(size)]))
    expect(refused.status).toBe(400)
    expect(await send(Buffer.from('a\r\n0123456789\r\n0\r\n\r\n'))).toEqual({ status: 200, port: refused.port })
    agent.destroy()
  })

  describe('in chunks with a trailer', () => {
    const send = (
      body: string,
      { length = 10, sum = crcOf('0123456789'), headers = {} as Record<string, string> } = {},
    ) =>
      wire.signed('PUT', at('chunked'), {
        payloadHash: 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
        body: body.replace('SUM', sum),
        headers: {
          'content-encoding': 'aws-chunked',
          'x-amz-decoded-content-length': String(length),
          'x-amz-trailer': 'x-amz-checksum-crc32',
          ...headers,
        },
      })
    const good = '4\r\n0123\r\n6;extension=1\r\n456789\r\n0\r\nx-amz-checksum-crc32:SUM\r\n\r\n'

    it('is what the chunks hold', async () => {
      expect((await send(good)).status).toBe(200)
      const { text, headers } = await get('chunked')
      expect([text, headers['content-encoding']]).toEqual(['0123456789', undefined])
    })

    it.each([
      ['another checksum in the trailer', good, { sum: crcOf('x') }, 'BadDigest'],
      ['no trailer', good.replace(/x-amz.*SUM\r\n/, ''), {}, 'BadDigest'],
      ['another length', good, { length: 11 }, 'IncompleteBody'],
      ['more bytes than were said', good, { length: 9 }, 'IncompleteBody'],
      ['a size that is none', good.replace('4\r', 'z\r'), {}, 'IncompleteBody'],
      ['a chunk longer than its size', good.replace('4\r', '3\r'), {}, 'IncompleteBody'],
      ['no end', good.replace('0\r\nx', ''), {}, 'IncompleteBody'],
      ['bytes behind the end', `${good}more`, {}, 'IncompleteBody'],
    ])('is refused with %s', async (_, body, options, code) => {
      expect((await send(body, options)).code).toBe(code)
    })
  })

  describe('in chunks that are signed', () => {
    // The documented example of AWS: 66,560 bytes in chunks of 64 KiB, to examplebucket/chunkObject.txt.
    it('is signed as in the documentation of S3', () => {
      const signer = { secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY', region: 'us-east-1', service: 's3' }
      const seed = '4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9'
      const chunks = new ChunkSignatures('20130524T000000Z', signer, seed)
      const sha256 = (size: number) => createHash('sha256').update('a'.repeat(size)).digest('hex')
      expect([65_536, 1024, 0].map((size) => chunks.chunk(sha256(size)))).toEqual([
        'ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648',
        '0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497',
        'b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9',
      ])
    })

    const parts = ['0123', '456789']
    /** Sends signed chunks, after `change` has had its way with them. */
    async function send(change: (body: string) => string, trailer = false) {
      const { keys } = wire.platform.config.store
      const kind = `STREAMING-AWS4-HMAC-SHA256-PAYLOAD${trailer ? '-TRAILER' : ''}`
      const headers = {
        'content-encoding': 'aws-chunked',
        'x-amz-decoded-content-length': '10',
        ...(trailer ? { 'x-amz-trailer': 'x-amz-checksum-crc32' } : {}),
      }
      let body = ''
      const line = `x-amz-checksum-crc32:${crcOf('0123456789')}`
      return wire.signed('PUT', at('signed-chunks'), {
        payloadHash: kind,
        headers,
        body: (authorization, date) => {
          const signer = { ...keys, region: wire.platform.config.region, service: 's3' }
          const chain = new ChunkSignatures(date, signer, /Signature=(\w+)/.exec(authorization)![1]!)
          const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
          for (const part of [...parts, ''])
            body += `${part.length.toString(16)};chunk-signature=${chain.chunk(sha256(part))}\r\n${part === '' ? '' : `${part}\r\n`}`
          if (trailer) body += `${line}\r\nx-amz-trailer-signature:${chain.trailer(sha256(`${line}\n`))}\r\n`
          return change(`${body}\r\n`)
        },
      })
    }

    it.each([false, true])('is what they hold, with a trailer: %j', async (trailer) => {
      expect((await send((body) => body, trailer)).status).toBe(200)
      expect((await get('signed-chunks')).text).toBe('0123456789')
    })

    it.each([
      ['other bytes', (body: string) => body.replace('456789', '456780'), false],
      [
        'another signature',
        (body: string) => body.replace(/chunk-signature=(.)/, (_, c) => `chunk-signature=${c === '0' ? 1 : 0}`),
        false,
      ],
      ['no signature', (body: string) => body.replace(/;chunk-signature=\w+/, ''), false],
      ['an end that was not signed', (body: string) => body.replace(/0;chunk-signature=\w+/, '0'), false],
      ['another trailer', (body: string) => body.replace(/crc32:..../, 'crc32:AAAA'), true],
      ['a trailer without its signature', (body: string) => body.replace(/x-amz-trailer-signature:\w+\r\n/, ''), true],
    ])('is refused with %s', async (_, change, trailer) => {
      await put('signed-chunks', 'there before')
      expect((await send(change, trailer)).code).toBe('SignatureDoesNotMatch')
      expect((await get('signed-chunks')).text).toBe('there before')
    })
  })
})

describe('reading', () => {
  beforeAll(async () => {
    await put('read', '0123456789')
    await put('empty', '')
  })

  it.each([
    ['bytes=0-0', 206, '0', 'bytes 0-0/10'],
    ['bytes=8-', 206, '89', 'bytes 8-9/10'],
    ['bytes=8-100', 206, '89', 'bytes 8-9/10'],
    ['bytes=-3', 206, '789', 'bytes 7-9/10'],
    ['bytes=-30', 206, '0123456789', 'bytes 0-9/10'],
    ['bytes=5-4', 200, '0123456789', undefined],
    ['bytes=0-1,3-4', 200, '0123456789', undefined],
    ['lines=0-1', 200, '0123456789', undefined],
  ])('%s answers %i', async (range, status, text, contentRange) => {
    const answer = await get('read', { range })
    expect([answer.status, answer.text, answer.headers['content-range']]).toEqual([status, text, contentRange])
    expect(answer.headers['content-length']).toBe(String(text.length))
  })

  it('behind the end is refused, of nothing too', async () => {
    expect((await get('read', { range: 'bytes=10-' })).status).toBe(416)
    expect((await get('empty', { range: 'bytes=0-' })).status).toBe(416)
    expect((await get('empty')).text).toBe('')
  })

  it('depends on the conditions of RFC 9110', async () => {
    const { etag, 'last-modified': modified } = (await get('read')).headers as Record<string, string>
    const earlier = new Date(Date.parse(modified!) - 1000).toUTCString()
    const status = async (headers: Record<string, string>) => (await get('read', headers)).status
    expect(await status({ 'if-none-match': etag! })).toBe(304)
    expect(await status({ 'if-none-match': `"x", W/${etag}` })).toBe(304)
    expect(await status({ 'if-none-match': '*' })).toBe(304)
    expect(await status({ 'if-none-match': '"x"' })).toBe(200)
    expect(await status({ 'if-match': etag! })).toBe(200)
    expect(await status({ 'if-match': `"x", ${etag}` })).toBe(200)
    // A tag in quotes is a tag, and one that is weak is not the same (§8.8.3.2).
    for (const other of ['"x"', '"*"', `W/${etag}`, `"${etag!.slice(1, -1)},x"`])
      expect([other, await status({ 'if-match': other })]).toEqual([other, 412])
    // What is no date is no condition (§13.1.4).
    expect(await status({ 'if-unmodified-since': '0' })).toBe(200)
    expect(await status({ 'if-modified-since': modified! })).toBe(304)
    expect(await status({ 'if-modified-since': earlier })).toBe(200)
    expect(await status({ 'if-unmodified-since': earlier })).toBe(412)
    expect(await status({ 'if-unmodified-since': earlier, 'if-match': etag! })).toBe(200)
    expect(await status({ 'if-none-match': '"x"', 'if-modified-since': modified! })).toBe(200)
    const ranged = await get('read', { range: 'bytes=0-1', 'if-range': '"x"' })
    expect([ranged.status, ranged.text]).toEqual([200, '0123456789'])
  })

  it('gives what a signed URL says, and refuses what cannot be a header', async () => {
    const query = {
      'response-content-type': 'text/vtt',
      'response-content-disposition': 'inline',
      'response-cache-control': 'no-store',
    }
    const { headers } = await wire.raw('GET', wire.sign('GET', 'read', { query }))
    expect(headers).toMatchObject({
      'content-type': 'text/vtt',
      'content-disposition': 'inline',
      'cache-control': 'no-store',
    })
    const split = await wire.raw(
      'GET',
      wire.sign('GET', 'read', { query: { 'response-content-type': 'a\r\nset-cookie: x=1' } }),
    )
    expect([split.code, split.headers['set-cookie']]).toEqual(['InvalidArgument', undefined])
  })
})

describe('writing', () => {
  it('only where there is nothing keeps the first', async () => {
    const answers = await Promise.all(['a', 'b', 'c', 'd'].map((text) => put('once', text, { 'if-none-match': '*' })))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412, 412])
    const winner = ['a', 'b', 'c', 'd'][answers.findIndex(({ status }) => status === 200)]
    expect((await get('once')).text).toBe(winner)
  })

  it('only over a known version refuses another', async () => {
    const { etag } = (await put('versioned', 'one')).headers as { etag: string }
    expect((await put('versioned', 'two', { 'if-match': '"x"' })).code).toBe('PreconditionFailed')
    expect((await put('unversioned', 'two', { 'if-match': etag })).code).toBe('NoSuchKey')
    expect((await put('versioned', 'two', { 'if-match': etag })).status).toBe(200)
  })

  it('many times at once leaves one of them, whole', async () => {
    const texts = Array.from({ length: 12 }, (_, i) => String(i).repeat(1000))
    const answers = await Promise.all(texts.map((text) => put('raced', text)))
    expect(answers.every(({ status }) => status === 200)).toBe(true)
    expect(texts).toContain((await get('raced')).text)
  })
})

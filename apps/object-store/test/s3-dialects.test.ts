import { randomBytes } from 'node:crypto'
import { request as httpRequest } from 'node:http'
import { encodePath, presign, signHeaders } from '@balcao/platform/aws'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openWire, type Wire } from './wire.ts'

const MiB = 1024 * 1024
let wire: Wire
beforeAll(async () => {
  wire = await openWire()
})
afterAll(() => wire.close())

const at = (key: string) => wire.path(wire.bucket, key)
const put = (key: string, body: string | Buffer, headers: Record<string, string> = {}) =>
  wire.signed('PUT', at(key), { body, headers })
const all = (text: string, name: string) =>
  [...text.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'g'))].map(([, value]) => value!)
async function begin(key: string) {
  return all((await wire.signed('POST', `${at(key)}?uploads`)).text, 'UploadId')[0]!
}

describe('the older listing', () => {
  beforeAll(async () => {
    for (const key of ['v1/a', 'v1/b/1', 'v1/b/2', 'v1/c', 'v1/ç d']) await put(key, 'x')
  })

  it('pages by keys, with common prefixes among them', async () => {
    const seen: string[] = []
    let marker: string | undefined = ''
    while (marker !== undefined) {
      const query: string = `prefix=v1/&delimiter=/&max-keys=1&marker=${encodePath(marker)}`
      const { status, text } = await wire.signed('GET', `/${wire.bucket}?${query}`)
      expect(status).toBe(200)
      seen.push(...all(text, 'Key'), ...all(text.replace('<Prefix>v1/</Prefix>', ''), 'Prefix'))
      marker = all(text, 'NextMarker')[0]
      expect(all(text, 'IsTruncated')).toEqual([String(marker !== undefined)])
    }
    expect(seen).toEqual(['v1/a', 'v1/b/', 'v1/c', 'v1/ç d'])
  })

  it('writes keys as they are or as URLs', async () => {
    expect((await wire.signed('GET', `/${wire.bucket}?prefix=v1/%C3%A7`)).text).toContain('<Key>v1/ç d</Key>')
    const encoded = await wire.signed('GET', `/${wire.bucket}?prefix=v1/%C3%A7&encoding-type=url`)
    expect(encoded.text).toContain('<Key>v1/%C3%A7%20d</Key>')
  })
})

describe('the uploads of a bucket', () => {
  it('are listed by key and id, page by page', async () => {
    const begun = []
    for (const key of ['up/b', 'up/a', 'up/b', 'elsewhere']) begun.push([key, await begin(key)])
    const expected = begun
      .filter(([key]) => key!.startsWith('up/'))
      .sort(([a, x], [b, y]) => (a! + x! < b! + y! ? -1 : 1))
    const seen: string[][] = []
    let next = ''
    do {
      const { text } = await wire.signed('GET', `/${wire.bucket}?uploads&prefix=up/&max-uploads=1${next}`)
      seen.push([all(text, 'Key')[0]!, all(text, 'UploadId')[0]!])
      const [key, id] = [all(text, 'NextKeyMarker')[0], all(text, 'NextUploadIdMarker')[0]]
      next = key ? `&key-marker=${encodePath(key)}&upload-id-marker=${id}` : ''
    } while (next !== '')
    expect(seen).toEqual(expected)
  })

  it.each([1, 2, 3, 1000])('are folded behind a delimiter, %i a page', async (limit) => {
    const keys = ['fold/a', 'fold/b/1', 'fold/b/2', 'fold/b/2', 'fold/c', 'fold/d/1', 'fold/é/1']
    if (limit === 1) for (const key of keys) await begin(key)
    const seen: string[] = []
    let next: string | undefined = ''
    for (; next !== undefined; ) {
      const { status, text } = await wire.signed(
        'GET',
        `/${wire.bucket}?uploads&prefix=fold/&delimiter=/&max-uploads=${limit}${next}`,
      )
      expect(status).toBe(200)
      const common = all(text.replace('<Prefix>fold/</Prefix>', ''), 'Prefix')
      expect(all(text, 'Key').length + common.length).toBeLessThanOrEqual(limit)
      seen.push(...all(text, 'Key'), ...common)
      const [key, id] = [all(text, 'NextKeyMarker')[0], all(text, 'NextUploadIdMarker')[0] ?? '']
      next = key && `&key-marker=${encodePath(key)}&upload-id-marker=${id}`
    }
    expect(seen.sort()).toEqual(['fold/a', 'fold/b/', 'fold/c', 'fold/d/', 'fold/é/'].sort())
  })

  it('are not folded by a delimiter of nothing', async () => {
    await begin('unfolded/a/b')
    const { text } = await wire.signed('GET', `/${wire.bucket}?uploads&prefix=unfolded/&delimiter=`)
    expect(all(text, 'Key')).toEqual(['unfolded/a/b'])
  })
})

describe('headers in a signed URL', () => {
  const send = (query: Record<string, string>, headers: Record<string, string> = {}, body = 'x') => {
    const target = wire.sign('PUT', 'hoisted', { query })
    return wire.raw('PUT', target, { 'content-length': String(body.length), ...headers }, body)
  }

  it.each(['x-amz-meta-nome', 'X-Amz-Meta-Nome'])('count as if they had been sent: %s', async (name) => {
    expect((await send({ [name]: 'ana', 'x-amz-acl': 'private' })).status).toBe(200)
    expect((await wire.signed('HEAD', at('hoisted'))).headers['x-amz-meta-nome']).toBe('ana')
  })

  it.each(['ação', '🥐', 'Ā', 'x\u0085y', 'voilà'])('come back as bytes of UTF-8: %s', async (value) => {
    expect((await send({ 'x-amz-meta-nome': value })).status).toBe(200)
    const { headers } = await wire.signed('GET', at('hoisted'))
    expect(Buffer.from(String(headers['x-amz-meta-nome']), 'latin1').toString()).toBe(value)
    // Sent too, it is the same.
    const bytes = Buffer.from(value).toString('latin1')
    const target = wire.sign('PUT', 'hoisted', {
      query: { 'x-amz-meta-nome': value },
      headers: { 'x-amz-meta-nome': value },
    })
    const body = Buffer.from('y')
    expect((await wire.raw('PUT', target, { 'content-length': '1', 'x-amz-meta-nome': bytes }, body)).status).toBe(200)
  })

  it.each(['x-amz-meta-a b', 'x-amz-meta-ã', 'x-amz-meta-a\nb', 'x-amz-meta-a:b', 'x-amz-meta-\0'])(
    'are refused where no header is called like that: %j',
    async (name) => {
      await send({})
      expect((await send({ [name]: 'x' }, {}, 'other')).code).toBe('InvalidRequest')
      expect((await wire.signed('GET', at('hoisted'))).text).toBe('x')
    },
  )

  it('are verified as if they had been sent', async () => {
    const crc = { 'x-amz-checksum-crc32': 'AAAAAA==', 'x-amz-sdk-checksum-algorithm': 'CRC32' }
    expect((await send(crc)).code).toBe('BadDigest')
    expect((await send({ 'x-amz-checksum-crc32': 'jNwMEQ==' })).status).toBe(400)
    expect((await send({ 'x-amz-acl': 'public-read' })).code).toBe('NotImplemented')
  })

  it('are refused where the request says otherwise, or where there is no signed URL', async () => {
    const target = wire.sign('PUT', 'hoisted', {
      query: { 'x-amz-acl': 'private' },
      headers: { 'x-amz-acl': 'public-read' },
    })
    const answer = await wire.raw('PUT', target, { 'content-length': '1', 'x-amz-acl': 'public-read' }, 'x')
    expect(answer.code).toBe('InvalidRequest')
    for (const query of ['x-amz-meta-nome=ana', 'X-Amz-Acl=public-read', 'X-Amz-Expires=60']) {
      const unsigned = await wire.signed('PUT', `${at('hoisted')}?${query}`, { body: 'x' })
      expect(unsigned.code).toBe('NotImplemented')
    }
  })
})

describe('the source of a copy', () => {
  /** @param bytes of the name, as they are sent */
  async function copy(name: string, bytes: Buffer) {
    const { store, urls, region } = wire.platform.config
    const headers = signHeaders(
      {
        method: 'PUT',
        origin: urls.objectStore,
        path: at('copied'),
        query: {},
        headers: { 'x-amz-copy-source': name },
      },
      { ...store.keys, region, service: 's3' },
      { at: wire.platform.clock.now(), payloadHash: 'UNSIGNED-PAYLOAD' },
    )
    return wire.raw('PUT', at('copied'), { ...headers, 'x-amz-copy-source': bytes.toString('latin1') })
  }

  it('is the object of that name, though its name was sent as it is', async () => {
    await put('ção', 'meant')
    await put(Buffer.from('ção').toString('latin1'), 'not meant')
    const name = `/${wire.bucket}/ção`
    expect((await copy(name, Buffer.from(name))).status).toBe(200)
    expect((await wire.signed('GET', at('copied'))).text).toBe('meant')
  })

  it('is none where its name is no text', async () => {
    await put('\ufffd', 'not meant')
    const name = Buffer.concat([Buffer.from(`/${wire.bucket}/`), Buffer.of(0xff)])
    expect((await copy(name.toString('latin1'), name)).code).toBe('InvalidArgument')
  })
})

describe('a region', () => {
  it.each(['a\nb', 'é', '\x01', ''])('%j is none', async (region) => {
    const { store, urls } = wire.platform.config
    const url = presign(
      { method: 'HEAD', origin: urls.objectStore, path: `/${wire.bucket}` },
      { ...store.keys, region, service: 's3' },
      { at: wire.platform.clock.now(), expiresIn: 60 },
    )
    expect((await wire.raw('HEAD', url.slice(urls.objectStore.length))).status).toBe(400)
  })
})

describe('a part copied from an object', () => {
  const copyPart = (key: string, uploadId: string, number: number, headers: Record<string, string>) =>
    wire.signed('PUT', `${at(key)}?partNumber=${number}&uploadId=${uploadId}`, { headers })

  it('has its bytes, all or a range of them', async () => {
    const source = randomBytes(6 * MiB)
    await put('part-source', source)
    const uploadId = await begin('of-parts')
    const one = await copyPart('of-parts', uploadId, 1, { 'x-amz-copy-source': at('part-source') })
    const range = { 'x-amz-copy-source': at('part-source'), 'x-amz-copy-source-range': 'bytes=10-19' }
    const two = await copyPart('of-parts', uploadId, 2, range)
    const etags = [one, two].map(({ text }) => all(text, 'ETag')[0]!.replaceAll('&quot;', ''))
    const parts = etags.map((etag, i) => `<Part><PartNumber>${i + 1}</PartNumber><ETag>${etag}</ETag></Part>`)
    await wire.signed('POST', `${at('of-parts')}?uploadId=${uploadId}`, {
      body: `<CompleteMultipartUpload>${parts.join('')}</CompleteMultipartUpload>`,
    })
    const made = (await wire.signed('GET', at('of-parts'))).body
    expect(made.equals(Buffer.concat([source, source.subarray(10, 20)]))).toBe(true)
  })

  it.each([
    [{ 'x-amz-copy-source-range': 'bytes=5-4' }, 400, 'InvalidArgument'],
    [{ 'x-amz-copy-source-range': 'bytes=0-3' }, 400, 'InvalidArgument'],
    [{ 'x-amz-copy-source-range': 'bytes=0-' }, 400, 'InvalidArgument'],
    [{ 'x-amz-copy-source-if-match': '"0"' }, 412, 'PreconditionFailed'],
    [{ 'x-amz-copy-source': '/nowhere/x' }, 404, 'NoSuchBucket'],
  ])('is refused with %o', async (headers, status, code) => {
    await put('short', 'abc')
    const uploadId = await begin('refused')
    const answer = await copyPart('refused', uploadId, 1, { 'x-amz-copy-source': at('short'), ...headers })
    expect([answer.status, answer.code]).toEqual([status, code])
  })
})

describe('a bucket in the host', () => {
  /** Signed for a host, and sent to ours with that name. */
  function hosted(method: string, host: string, path: string, body = ''): Promise<{ status: number; text: string }> {
    const { store, region, ports } = wire.platform.config
    const headers = signHeaders(
      {
        method,
        origin: `http://${host}:${ports.objectStore}`,
        path,
        query: {},
        headers: { 'content-length': String(body.length) },
      },
      { ...store.keys, region, service: 's3' },
      { at: wire.platform.clock.now(), payloadHash: 'UNSIGNED-PAYLOAD' },
    )
    return new Promise((resolve, reject) => {
      const req = httpRequest({ host: '127.0.0.1', port: ports.objectStore, method, path, headers })
      req.on('error', reject)
      req.on('response', async (res) => {
        let text = ''
        for await (const chunk of res) text += chunk
        resolve({ status: res.statusCode!, text })
      })
      req.end(body)
    })
  }

  it('is the same as one in the path', async () => {
    const host = `${wire.bucket}.localhost`
    expect((await hosted('PUT', host, '/hosted/a%20b', 'bytes')).status).toBe(200)
    expect((await hosted('GET', host, '/hosted/a%20b')).text).toBe('bytes')
    expect((await wire.signed('GET', at('hosted/a b'))).text).toBe('bytes')
    expect((await hosted('GET', host, '/')).text).toContain('<Key>hosted/a b</Key>')
    expect((await hosted('GET', 'elsewhere.localhost', '/x')).text).toContain('NoSuchBucket')
    expect((await hosted('PUT', host, '/_health', 'a key')).status).toBe(200)
    expect((await hosted('GET', host, '/_health')).text).toBe('a key')
  })
})

describe('what a header may say because it is so', () => {
  it.each([
    ['x-amz-acl', 'private', 200],
    ['x-amz-acl', 'public-read', 501],
    ['x-amz-storage-class', 'STANDARD', 200],
    ['x-amz-storage-class', 'GLACIER', 501],
  ])('%s: %s answers %i', async (name, value, status) => {
    expect((await put('said', 'x', { [name]: value })).status).toBe(status)
    expect((await wire.signed('POST', `${at('said')}?uploads`, { headers: { [name]: value } })).status).toBe(status)
  })

  it('metadata is what its sender meant, beyond ASCII too', async () => {
    const { store, urls, region } = wire.platform.config
    const sent = { 'x-amz-meta-nome': 'ação & 🥐', 'content-length': '1' }
    const headers = signHeaders(
      { method: 'PUT', origin: urls.objectStore, path: at('meta'), query: {}, headers: sent },
      { ...store.keys, region, service: 's3' },
      { at: wire.platform.clock.now(), payloadHash: 'UNSIGNED-PAYLOAD' },
    )
    const bytes = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, Buffer.from(value).toString('latin1')]),
    )
    // A text as the body would have Node write the headers as UTF-8 once more.
    const answer = await wire.raw('PUT', at('meta'), bytes, Buffer.from('x'))
    expect(answer.text).toBe('')
    const { headers: got } = await wire.signed('HEAD', at('meta'))
    expect(Buffer.from(String(got['x-amz-meta-nome']), 'latin1').toString()).toBe('ação & 🥐')
  })

  it('a bucket that is there is made already, and no other is made', async () => {
    expect((await wire.signed('PUT', `/${wire.bucket}`)).code).toBe('BucketAlreadyOwnedByYou')
    expect((await wire.signed('PUT', '/another')).code).toBe('NotImplemented')
  })

  it('a type counts that the owner of the key sent and did not sign; of a signed URL only a signed one', async () => {
    const { store, urls, region } = wire.platform.config
    const signed = signHeaders(
      { method: 'PUT', origin: urls.objectStore, path: at('typed'), query: {}, headers: { 'content-length': '1' } },
      { ...store.keys, region, service: 's3' },
      { at: wire.platform.clock.now(), payloadHash: 'UNSIGNED-PAYLOAD' },
    )
    const typeOf = async () => (await wire.signed('HEAD', at('typed'))).headers['content-type']
    await wire.raw('PUT', at('typed'), { ...signed, 'content-type': 'video/webm' }, 'x')
    expect(await typeOf()).toBe('video/webm')
    await wire.raw('PUT', wire.sign('PUT', 'typed'), { 'content-length': '1', 'content-type': 'text/html' }, 'x')
    expect(await typeOf()).toBe('application/octet-stream')
  })

  it('an object has no tags', async () => {
    await put('untagged', 'x')
    const { status, text } = await wire.signed('GET', `${at('untagged')}?tagging`)
    expect([status, text]).toEqual([200, expect.stringContaining('<TagSet></TagSet>')])
    expect((await wire.signed('GET', `${at('never there')}?tagging`)).code).toBe('NoSuchKey')
  })

  it('version 2 of the signature is refused by name', async () => {
    const inHeader = await wire.raw('GET', at('x'), { authorization: 'AWS AKID:c2lnbmF0dXJl' })
    const inQuery = await wire.raw('GET', `${at('x')}?AWSAccessKeyId=AKID&Signature=x&Expires=1`, {})
    for (const answer of [inHeader, inQuery])
      expect([answer.status, answer.text]).toEqual([400, expect.stringContaining('Please use AWS4-HMAC-SHA256')])
  })

  it('If-Range may be the date of the object', async () => {
    await put('dated', '0123456789')
    const { headers } = await wire.signed('HEAD', at('dated'))
    const read = (date: string) =>
      wire.signed('GET', at('dated'), { headers: { range: 'bytes=0-1', 'if-range': date } })
    expect((await read(headers['last-modified']!)).status).toBe(206)
    expect((await read(new Date(0).toUTCString())).status).toBe(200)
    const head = (date: string) =>
      wire.signed('HEAD', at('dated'), { headers: { range: 'bytes=0-1', 'if-range': date } })
    expect((await head(headers['last-modified']!)).headers['content-range']).toBe('bytes 0-1/10')
    expect((await head(new Date(0).toUTCString())).headers['content-length']).toBe('10')
  })
})

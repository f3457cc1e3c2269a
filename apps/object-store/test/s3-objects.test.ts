import { randomBytes } from 'node:crypto'
import { ManualClock } from '@balcao/kernel'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { elements } from './model/client.ts'
import { openWire, type Wire } from './wire.ts'

const MiB = 1024 * 1024
const clock = new ManualClock()
let wire: Wire
beforeAll(async () => {
  wire = await openWire({ clock })
})
afterAll(() => wire.close())

type Headers = Record<string, string>
const at = (key: string) => wire.path(wire.bucket, key)
const put = (key: string, body: string | Buffer, headers: Headers = {}) =>
  wire.signed('PUT', at(key), { body, headers })
const head = async (key: string) => (await wire.signed('HEAD', at(key))).headers

describe('an object', () => {
  it('has the MD5 of its bytes as its tag, and no length where there are none', async () => {
    expect((await put('tagged', 'bar')).headers.etag).toBe('"37b51d194a7513e45b56f6524f2d51f2"')
    await put('zero', '')
    const { etag, 'content-length': length } = await head('zero')
    expect([etag, length]).toEqual(['"d41d8cd98f00b204e9800998ecf8427e"', '0'])
  })

  it('is written, read, written anew, read and deleted', async () => {
    const read = async () => (await wire.signed('GET', at('life'))).text
    await put('life', 'bar')
    expect(await read()).toBe('bar')
    await put('life', 'soup')
    expect(await read()).toBe('soup')
    expect((await wire.signed('DELETE', at('life'))).status).toBe(204)
    expect(await read()).toContain('<Code>NoSuchKey</Code>')
  })

  it('keeps every header that says how it is to be read', async () => {
    const headers = {
      'content-type': 'video/mp4',
      'cache-control': 'public, max-age=14400',
      'content-disposition': 'attachment; filename="x.mp4"',
      'content-encoding': 'gzip',
      'content-language': 'pt-BR',
      expires: 'Thu, 01 Dec 2044 16:00:00 GMT',
    }
    await put('said', 'x', headers)
    expect(await head('said')).toMatchObject(headers)
  })

  it('keeps what is noted on it, though it is nothing, until it is written anew', async () => {
    await put('noted', 'x', { 'x-amz-meta-one': 'mymeta', 'x-amz-meta-two': '' })
    expect(await head('noted')).toMatchObject({ 'x-amz-meta-one': 'mymeta', 'x-amz-meta-two': '' })
    await put('noted', 'x', { 'x-amz-meta-one': '' })
    const { 'x-amz-meta-one': one, 'x-amz-meta-two': two } = await head('noted')
    expect([one, two]).toEqual(['', undefined])
  })

  it('has 2 KB of notes at most', async () => {
    expect((await put('notes', 'x', { 'x-amz-meta-a': 'x'.repeat(2047) })).status).toBe(200)
    expect((await put('notes', 'x', { 'x-amz-meta-a': 'x'.repeat(2048) })).code).toBe('InvalidRequest')
  })

  it('has any type, or one that says nothing', async () => {
    for (const type of ['text/plain; charset=utf-8', 'x/y', 'no type at all']) {
      await put('typed', 'x', { 'content-type': type })
      expect((await head('typed'))['content-type']).toBe(type)
    }
    await put('typed', 'x')
    expect((await head('typed'))['content-type']).toBe('application/octet-stream')
  })

  it('of some length is read from any byte to any other', async () => {
    const bytes = randomBytes(3 * MiB)
    await put('long', bytes)
    const [from, to] = [MiB - 1, 2 * MiB + 17]
    const part = await wire.signed('GET', at('long'), { headers: { range: `bytes=${from}-${to}` } })
    expect(part.body.equals(bytes.subarray(from, to + 1))).toBe(true)
    expect(part.headers['content-range']).toBe(`bytes ${from}-${to}/${bytes.length}`)
    expect((await wire.signed('GET', at('long'), { headers: { range: `bytes=${bytes.length}-` } })).code).toBe(
      'InvalidRange',
    )
  })
})

describe('a signed URL', () => {
  beforeAll(() => put('signed', 'x'))

  it('says with which headers the object is shown', async () => {
    const said = {
      'cache-control': 'no-cache',
      'content-disposition': 'bla',
      'content-encoding': 'aaa',
      'content-language': 'esperanto',
      'content-type': 'foo/bar',
      expires: '123',
    }
    const query = Object.fromEntries(Object.entries(said).map(([name, value]) => [`response-${name}`, value]))
    expect((await wire.raw('GET', wire.sign('GET', 'signed', { query }))).headers).toMatchObject(said)
  })

  it.each([
    [1, 200],
    [604_800, 200],
    [0, 400],
    [-7, 400],
    [604_801, 400],
  ])('that is good for %i seconds is answered %i', async (expiresIn, status) => {
    expect((await wire.raw('GET', wire.sign('GET', 'signed', { expiresIn }))).status).toBe(status)
  })

  it.each(['PUT', 'DELETE', 'GET'])('after its time is refused: %s', async (method) => {
    const target = wire.sign(method, 'signed', { expiresIn: 10 })
    clock.advance(11)
    const answer = await wire.raw(method, target, {}, method === 'PUT' ? 'y' : undefined)
    expect([answer.status, answer.code]).toEqual([403, 'AccessDenied'])
    expect((await wire.signed('GET', at('signed'))).text).toBe('x')
  })
})

describe('a copy', () => {
  const copy = (from: string, to: string, headers: Headers = {}) =>
    wire.signed('PUT', to, { headers: { 'x-amz-copy-source': from, ...headers } })

  it.each([
    ['of nothing', 0],
    ['of a few bytes', 7],
    ['of many bytes', 16 * MiB],
  ])('%s has the bytes, the tag, the type and the notes of its source', async (_, size) => {
    const bytes = randomBytes(size)
    const described = { 'content-type': 'audio/ogg', 'x-amz-meta-k': 'v', 'cache-control': 'no-store' }
    const { etag } = (await put('source', bytes, described)).headers
    const answer = await copy(at('source'), wire.path(wire.temp, 'copy'))
    expect(elements(answer.text, 'ETag')).toEqual([etag])
    const { body, headers } = await wire.signed('GET', wire.path(wire.temp, 'copy'))
    expect(body.equals(bytes)).toBe(true)
    expect(headers).toMatchObject({ ...described, etag })
  })

  it('with other notes has those alone, over itself too', async () => {
    await put('source', 'x', { 'content-type': 'audio/ogg', 'x-amz-meta-a': '1' })
    for (const to of ['other', 'source']) {
      const headers = { 'x-amz-metadata-directive': 'REPLACE', 'x-amz-meta-b': '2', 'content-type': 'text/plain' }
      await copy(at('source'), at(to), headers)
      const { 'x-amz-meta-a': a, 'x-amz-meta-b': b, 'content-type': type } = await head(to)
      expect([a, b, type]).toEqual([undefined, '2', 'text/plain'])
    }
  })

  it.each([
    ['/not-there/x', 'NoSuchBucket'],
    ['no slash', 'InvalidArgument'],
    ['/balcao-media/never', 'NoSuchKey'],
    ['/balcao-media/source?versionId=3', 'NotImplemented'],
  ])('of %s is %s', async (source, code) => {
    await put('source', 'x')
    expect((await copy(source, at('copied'))).code).toBe(code)
  })

  it.each(['a b', 'ação', '100%', 'a+b', 'q?x=1', 'a&b', '#'])('of %j is one of that key', async (key) => {
    await put(key, key)
    for (const from of [at(key), at(key).slice(1)]) {
      expect((await copy(from, at('copied'))).status).toBe(200)
      expect((await wire.signed('GET', at('copied'))).text).toBe(key)
    }
  })
})

describe('deleting many', () => {
  const remove = (keys: readonly string[], more = '') =>
    wire.signed('POST', `/${wire.bucket}?delete`, {
      body: `<Delete>${more}${keys.map((key) => `<Object><Key>${key}</Key></Object>`).join('')}</Delete>`,
    })

  it('tells of each, though it was not there, or says nothing where that is wanted', async () => {
    await put('d1', 'x')
    await put('d2', 'x')
    expect(elements((await remove(['d1', 'd2', 'never'])).text, 'Key')).toEqual(['d1', 'd2', 'never'])
    expect(elements((await remove(['d1', 'd2'])).text, 'Key')).toEqual(['d1', 'd2'])
    expect((await remove(['d1'], '<Quiet>true</Quiet>')).text).not.toContain('<Key>')
  })

  it('takes a thousand, and no more', async () => {
    const keys = Array.from({ length: 1001 }, (_, i) => `key-${i}`)
    expect((await remove(keys.slice(1))).status).toBe(200)
    expect((await remove(keys)).code).toBe('MalformedXML')
  })
})

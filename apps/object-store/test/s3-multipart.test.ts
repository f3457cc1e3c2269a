import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { elements } from './model/client.ts'
import { openWire, type Wire } from './wire.ts'

const MiB = 1024 * 1024
let wire: Wire
beforeAll(async () => {
  wire = await openWire()
})
afterAll(() => wire.close())

type Headers = Record<string, string>
const at = (key: string) => wire.path(wire.bucket, key)

async function begin(key: string, headers: Headers = {}): Promise<string> {
  return elements((await wire.signed('POST', `${at(key)}?uploads`, { headers })).text, 'UploadId')[0]!
}
const send = async (key: string, id: string, number: number, body: Buffer | string) =>
  (await wire.signed('PUT', `${at(key)}?partNumber=${number}&uploadId=${id}`, { body })).headers.etag!
const copyPart = (key: string, id: string, number: number, headers: Headers) =>
  wire.signed('PUT', `${at(key)}?partNumber=${number}&uploadId=${id}`, { headers })
const complete = (key: string, id: string, etags: readonly (readonly [number, string])[]) => {
  const parts = etags.map(([number, etag]) => `<Part><PartNumber>${number}</PartNumber><ETag>${etag}</ETag></Part>`)
  const body = `<CompleteMultipartUpload>${parts.join('')}</CompleteMultipartUpload>`
  return wire.signed('POST', `${at(key)}?uploadId=${id}`, { body })
}
const read = (key: string, range?: string) =>
  wire.signed('GET', at(key), range === undefined ? {} : { headers: { range } })

const IN_PLACE = { 'x-amz-meta-part-size': String(5 * MiB) }
const WAYS: [string, Headers][] = [
  ['in one file', IN_PLACE],
  ['apart', {}],
]

describe.each(WAYS)('an upload whose parts lie %s', (way, placed) => {
  it('has the type and the notes of its beginning, and its bytes across all borders', async () => {
    const key = `whole ${way}`
    const described = { 'content-type': 'text/bla', 'x-amz-meta-foo': 'bar' }
    const id = await begin(key, { ...placed, ...described })
    const bytes = randomBytes(12 * MiB)
    const etags: [number, string][] = []
    for (let i = 0; i * 5 * MiB < bytes.length; i++)
      etags.push([i + 1, await send(key, id, i + 1, bytes.subarray(i * 5 * MiB, (i + 1) * 5 * MiB))])
    await complete(key, id, etags)
    const whole = await read(key)
    expect(whole.body.equals(bytes)).toBe(true)
    expect(whole.headers).toMatchObject({ ...described, 'content-length': String(bytes.length) })
    expect(whole.headers.etag).toMatch(/^"[\da-f]{32}-3"$/)
    const across = await read(key, `bytes=${5 * MiB - 3}-${10 * MiB + 2}`)
    expect(across.body.equals(bytes.subarray(5 * MiB - 3, 10 * MiB + 3))).toBe(true)
    expect(elements((await wire.signed('GET', `/${wire.bucket}?uploads&prefix=whole`)).text, 'UploadId')).toEqual([])
  })

  it('may be of one small part', async () => {
    const id = await begin(`small ${way}`, placed)
    await complete(`small ${way}`, id, [[1, await send(`small ${way}`, id, 1, 'x')]])
    expect((await read(`small ${way}`)).text).toBe('x')
  })

  it.each([5, 6, 11])('of parts of %i MiB and a rest', async (size) => {
    const key = `sized ${way}`
    const id = await begin(key, placed)
    const bodies = [randomBytes(size * MiB), randomBytes(size * MiB), randomBytes(100)]
    const etags: [number, string][] = []
    for (const [i, body] of bodies.entries()) etags.push([i + 1, await send(key, id, i + 1, body)])
    await complete(key, id, etags)
    expect((await read(key)).body.equals(Buffer.concat(bodies))).toBe(true)
  })

  it('takes the place of an object that was there, and may take it twice', async () => {
    const key = `over ${way}`
    await wire.signed('PUT', at(key), { body: 'before' })
    for (const text of ['one', 'two']) {
      const id = await begin(key, placed)
      await complete(key, id, [[1, await send(key, id, 1, text)]])
      expect((await read(key)).text).toBe(text)
    }
  })

  it('is not there before it is completed, nor after it was aborted', async () => {
    const key = `aborted ${way}`
    const id = await begin(key, placed)
    const etag = await send(key, id, 1, 'x')
    expect((await read(key)).code).toBe('NoSuchKey')
    expect((await wire.signed('DELETE', `${at(key)}?uploadId=${id}`)).status).toBe(204)
    expect((await wire.signed('DELETE', `${at(key)}?uploadId=${id}`)).code).toBe('NoSuchUpload')
    expect((await complete(key, id, [[1, etag]])).code).toBe('NoSuchUpload')
    expect((await read(key)).code).toBe('NoSuchKey')
  })

  it('is refused with parts that were not sent, of other bytes, too small, in wrong order or named twice', async () => {
    const key = `refused ${way}`
    const id = await begin(key, placed)
    const [one, two] = [await send(key, id, 1, 'x'), await send(key, id, 2, 'y')]
    const code = async (...parts: [number, string][]) => (await complete(key, id, parts)).code
    expect(await code([1, one], [9, two])).toBe('InvalidPart')
    expect(await code([1, two])).toBe('InvalidPart')
    expect(await code([1, one], [2, two])).toBe('EntityTooSmall')
    expect(await code([2, two], [1, one])).toBe('InvalidPartOrder')
    expect(await code([1, one], [1, one])).toBe('InvalidPartOrder')
    expect((await complete(key, id, [[1, one]])).status).toBe(200)
  })

  it('has the bytes that were sent last for a part', async () => {
    const key = `resent ${way}`
    const id = await begin(key, placed)
    const bodies = Array.from({ length: 3 }, () => randomBytes(5 * MiB))
    let first = ''
    for (const body of bodies) first = await send(key, id, 1, body)
    const rest = await send(key, id, 2, 'rest')
    await complete(key, id, [
      [1, first],
      [2, rest],
    ])
    expect((await read(key)).body.equals(Buffer.concat([bodies[2]!, Buffer.from('rest')]))).toBe(true)
  })

  it('takes parts that are copied, of whole objects, of ranges and of keys of any form', async () => {
    const key = `copied ${way}`
    const source = randomBytes(6 * MiB)
    const id = await begin(key, placed)
    const etags: [number, string][] = []
    for (const [i, name] of [' ', '_', '__', '?versionId', 'ção+1%'].entries()) {
      await wire.signed('PUT', at(name), { body: source })
      const range: Headers = i === 4 ? {} : { 'x-amz-copy-source-range': `bytes=${i}-${5 * MiB + i - 1}` }
      const { text } = await copyPart(key, id, i + 1, { 'x-amz-copy-source': at(name), ...range })
      etags.push([i + 1, elements(text, 'ETag')[0]!])
    }
    await complete(key, id, etags)
    const expected = [...[0, 1, 2, 3].map((i) => source.subarray(i, 5 * MiB + i)), source]
    expect((await read(key)).body.equals(Buffer.concat(expected))).toBe(true)
  })
})

describe('a part copied from an object', () => {
  it.each([
    '0-2',
    'bytes=0',
    'bytes=hello-world',
    'bytes=0-bar',
    'bytes=hello-',
    'bytes=0-2,3-5',
    'bytes=0-21',
    'bytes=-2',
  ])('of the range %s is refused', async (range) => {
    await wire.signed('PUT', at('five'), { body: '12345' })
    const id = await begin('of-five')
    const headers = { 'x-amz-copy-source': at('five'), 'x-amz-copy-source-range': range }
    const answer = await copyPart('of-five', id, 1, headers)
    expect([answer.status, answer.code]).toEqual([400, 'InvalidArgument'])
  })

  it('that is not there, or for an upload that is not there, is refused', async () => {
    const id = await begin('of-nothing')
    expect((await copyPart('of-nothing', id, 1, { 'x-amz-copy-source': at('never') })).code).toBe('NoSuchKey')
    await wire.signed('PUT', at('five'), { body: '12345' })
    expect((await copyPart('of-nothing', 'no', 1, { 'x-amz-copy-source': at('five') })).code).toBe('NoSuchUpload')
  })
})

describe('the parts of an upload', () => {
  it('are listed in order, page by page, with what was told of each', async () => {
    const id = await begin('listed')
    const sent: string[] = []
    for (const number of [10_000, 3, 7]) sent.push(`${number} ${await send('listed', id, number, `part ${number}`)}`)
    const seen: string[] = []
    for (let [marker, more] = ['0', true]; more; ) {
      const target = `${at('listed')}?uploadId=${id}&max-parts=2&part-number-marker=${marker}`
      const { text } = await wire.signed('GET', target)
      const etags = elements(text, 'ETag')
      seen.push(...elements(text, 'PartNumber').map((number, i) => `${number} ${etags[i]}`))
      more = elements(text, 'IsTruncated')[0] === 'true'
      marker = elements(text, 'NextPartNumberMarker')[0]!
      expect(elements(text, 'MaxParts')).toEqual(['2'])
    }
    expect(seen).toEqual([sent[1], sent[2], sent[0]])
  })

  it.each([
    ['without room', 'max-parts=0&part-number-marker=3', '3'],
    ['behind the last', 'part-number-marker=10000', '10000'],
  ])('end on a page %s', async (_, query, marker) => {
    const id = await begin('no room')
    await send('no room', id, 7, 'part 7')
    const { text } = await wire.signed('GET', `${at('no room')}?uploadId=${id}&${query}`)
    expect(elements(text, 'IsTruncated')).toEqual(['false'])
    expect(elements(text, 'NextPartNumberMarker')).toEqual([marker])
    expect(elements(text, 'PartNumber')).toEqual([])
  })
})

describe('in a bucket that is not there', () => {
  it.each([
    ['POST', '?uploads'],
    ['PUT', '?partNumber=1&uploadId=x'],
    ['GET', '?uploadId=x'],
    ['POST', '?uploadId=x'],
    ['DELETE', '?uploadId=x'],
  ])('there is no upload: %s %s', async (method, query) => {
    const answer = await wire.signed(method, `/not-there/k${query}`, method === 'GET' ? {} : { body: '' })
    expect([answer.status, answer.code]).toEqual([404, 'NoSuchBucket'])
  })
})

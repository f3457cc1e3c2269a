import { randomBytes } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LARGEST_IN_ROW } from '../src/domain/object.ts'
import { openWire, type Wire } from './wire.ts'

const MiB = 1024 * 1024
let wire: Wire
beforeAll(async () => {
  wire = await openWire()
})
afterAll(() => wire.close())

const at = (key: string) => wire.path(wire.bucket, key)
const put = (key: string, body: Buffer, headers: Record<string, string> = {}) =>
  wire.raw('PUT', wire.sign('PUT', key, { headers }), { 'content-length': String(body.length), ...headers }, body)
const read = async (key: string, range?: string) => wire.signed('GET', at(key), range ? { headers: { range } } : {})
const files = async () => {
  const all = await readdir(join(wire.platform.config.dataDir, 'objects'), { recursive: true, withFileTypes: true })
  return all.filter((entry) => entry.isFile()).length
}

describe('a body at the border between a row and a file', () => {
  it.each([0, 1, LARGEST_IN_ROW - 1, LARGEST_IN_ROW, LARGEST_IN_ROW + 1])(
    'comes back as it was sent: %i bytes',
    async (size) => {
      const before = await files()
      const body = randomBytes(size)
      expect((await put(`border ${size}`, body)).status).toBe(200)
      expect((await files()) - before).toBe(size > LARGEST_IN_ROW ? 1 : 0)
      const whole = await read(`border ${size}`)
      expect([whole.status, whole.headers['content-length']]).toEqual([200, String(size)])
      expect(whole.body.equals(body)).toBe(true)
      if (size < 2) return
      for (const [range, start, end] of [
        ['bytes=0-0', 0, 1],
        ['bytes=1-', 1, size],
        [`bytes=-1`, size - 1, size],
      ] as const) {
        const part = await read(`border ${size}`, range)
        expect([part.status, part.headers['content-range']]).toEqual([206, `bytes ${start}-${end - 1}/${size}`])
        expect(part.body.equals(body.subarray(start, end))).toBe(true)
      }
    },
  )

  it('leaves nothing behind where one replaces the other', async () => {
    const before = await files()
    const [small, large] = [randomBytes(100), randomBytes(LARGEST_IN_ROW + 1)]
    for (const body of [small, large, small, large, large, small]) {
      await put('changes', body)
      expect((await read('changes')).body.equals(body)).toBe(true)
    }
    expect(await files()).toBe(before)
    await wire.signed('DELETE', at('changes'))
    expect((await read('changes')).status).toBe(404)
  })

  it('is verified before it is there', async () => {
    const wrong = { 'content-md5': randomBytes(16).toString('base64') }
    expect((await put('wrong', randomBytes(10), wrong)).status).toBe(400)
    expect((await read('wrong')).status).toBe(404)
  })

  it('is written where there is nothing, once, however many try', async () => {
    const headers = { 'if-none-match': '*' }
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, i) => put('once', Buffer.from(`body ${i}`), headers)),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array.from({ length: 11 }, () => 412)])
    const winner = answers.findIndex(({ status }) => status === 200)
    expect((await read('once')).text).toBe(`body ${winner}`)
  })

  it('is copied, and outlives its source', async () => {
    const body = randomBytes(500)
    await put('source', body)
    const copied = await wire.signed('PUT', at('copy'), { headers: { 'x-amz-copy-source': at('source') } })
    expect(copied.status).toBe(200)
    await wire.signed('DELETE', at('source'))
    expect((await read('copy')).body.equals(body)).toBe(true)
  })

  it('becomes part of another object', async () => {
    const [first, last] = [randomBytes(5 * MiB), randomBytes(300)]
    await put('last', last)
    const { text } = await wire.signed('POST', `${at('made')}?uploads`, {
      headers: { 'x-amz-meta-part-size': String(5 * MiB) },
    })
    const uploadId = /<UploadId>(\w+)</.exec(text)![1]!
    const target = wire.sign('PUT', 'made', { query: { uploadId, partNumber: '1' } })
    const sent = await wire.raw('PUT', target, { 'content-length': String(first.length) }, first)
    const copied = await wire.signed('PUT', `${at('made')}?partNumber=2&uploadId=${uploadId}`, {
      headers: { 'x-amz-copy-source': at('last'), 'x-amz-copy-source-range': 'bytes=100-299' },
    })
    const etags = [sent.headers.etag!, /<ETag>(.+)<\/ETag>/.exec(copied.text)![1]!]
    const parts = etags.map((etag, i) => `<Part><PartNumber>${i + 1}</PartNumber><ETag>${etag}</ETag></Part>`)
    await wire.signed('POST', `${at('made')}?uploadId=${uploadId}`, {
      body: `<CompleteMultipartUpload>${parts.join('')}</CompleteMultipartUpload>`,
    })
    expect((await read('made')).body.equals(Buffer.concat([first, last.subarray(100)]))).toBe(true)
    expect((await read('last')).body.equals(last)).toBe(true)
  })

  it('is listed with its size, as others are', async () => {
    await put('listed/small', randomBytes(10))
    await put('listed/large', randomBytes(LARGEST_IN_ROW + 1))
    const { text } = await wire.signed('GET', `/${wire.bucket}?list-type=2&prefix=listed/`)
    expect([...text.matchAll(/<Size>(\d+)/g)].map(([, size]) => Number(size))).toEqual([LARGEST_IN_ROW + 1, 10])
  })
})

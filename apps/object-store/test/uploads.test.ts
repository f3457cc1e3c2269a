import { AsyncLocalStorage } from 'node:async_hooks'
import { randomBytes } from 'node:crypto'
import { readdir, stat } from 'node:fs/promises'
import { request as httpRequest } from 'node:http'
import { join } from 'node:path'
import { ManualClock } from '@balcao/kernel'
import { until } from '@balcao/testing'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Body } from '../src/application/bodies/body.ts'
import { ObjectFiles } from '../src/infrastructure/object-files.ts'
import { PgUploads } from '../src/infrastructure/pg-uploads.ts'
import { open, type Store } from '../src/open.ts'
import { openWire, type Wire } from './wire.ts'

const MiB = 1024 * 1024
const clock = new ManualClock()
let wire: Wire
let dir: string
beforeAll(async () => {
  wire = await openWire({ clock })
  dir = join(wire.platform.config.dataDir, 'objects')
})
afterAll(() => wire.close())

const at = (key: string) => wire.path(wire.bucket, key)

async function begin(key: string, partSize?: number): Promise<string> {
  const headers: Record<string, string> = partSize ? { 'x-amz-meta-part-size': String(partSize) } : {}
  const answer = await wire.signed('POST', `${at(key)}?uploads`, { headers })
  return /<UploadId>(\w+)</.exec(answer.text)![1]!
}
const partUrl = (key: string, uploadId: string, number: number) =>
  wire.sign('PUT', key, { query: { uploadId, partNumber: String(number) } })
async function sendPart(key: string, uploadId: string, number: number, body: Buffer | string) {
  const answer = await wire.raw('PUT', partUrl(key, uploadId, number), { 'content-length': String(body.length) }, body)
  return { number, etag: answer.headers.etag!, status: answer.status, code: answer.code }
}
const complete = (key: string, uploadId: string, parts: { number: number; etag: string }[]) => {
  const list = parts.map(({ number, etag }) => `<Part><PartNumber>${number}</PartNumber><ETag>${etag}</ETag></Part>`)
  const body = `<?xml version="1.0"?>\n<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${list.join('')}</CompleteMultipartUpload>`
  return wire.signed('POST', `${at(key)}?uploadId=${uploadId}`, { body })
}
const listed = async (key: string, uploadId: string) =>
  [...(await wire.signed('GET', `${at(key)}?uploadId=${uploadId}`)).text.matchAll(/<PartNumber>(\d+)</g)].map((m) =>
    Number(m[1]),
  )
const files = async () =>
  (await readdir(dir, { recursive: true })).filter((name) => name.length > 2).map((name) => join(dir, name))
const unfinished = async () => (await readdir(join(dir, 'unfinished'))).length
const fileOf = async (key: string) => {
  const row = await wire.platform.sql.first<{ file_id: string }>('select file_id from objects where key = $1', [key])
  return row && join(dir, row.file_id.slice(0, 2), row.file_id)
}

/** A part whose sender stops in the middle, until it is told to go on. */
function slowPart(key: string, uploadId: string, number: number, body: Buffer) {
  const headers = { 'content-length': String(body.length) }
  const req = httpRequest({
    host: '127.0.0.1',
    port: wire.platform.config.ports.objectStore,
    method: 'PUT',
    path: partUrl(key, uploadId, number),
    headers,
  })
  const ended = new Promise<number | 'cut'>((resolve) => {
    req.on('response', (res) => resolve(res.resume().statusCode!))
    req.on('error', () => resolve('cut'))
  })
  const writing = (async () => {
    const before = await unfinished()
    await until(async () => {
      const place = await wire.platform.sql.first(
        `select 1 from places where upload_id = $1 and number = $2 and until < 'infinity'`,
        [uploadId, number],
      )
      return place !== undefined || (await unfinished()) > before
    })
  })()
  req.write(body.subarray(0, body.length / 2))
  return { writing, ended, goOn: () => req.end(body.subarray(body.length / 2)), cut: () => req.destroy() }
}

describe('an upload whose part size is told', () => {
  it('is one file from its first part on, and completing it copies nothing', async () => {
    const uploadId = await begin('sparse', 5 * MiB)
    const bodies = [randomBytes(5 * MiB), randomBytes(5 * MiB), randomBytes(100)]
    const before = new Set(await Promise.all((await files()).map(async (file) => (await stat(file)).ino)))
    const parts = await Promise.all([2, 0, 1].map((i) => sendPart('sparse', uploadId, i + 1, bodies[i]!)))
    expect((await files()).length).toBe(before.size)
    expect(
      (
        await complete(
          'sparse',
          uploadId,
          parts.sort((a, b) => a.number - b.number),
        )
      ).status,
    ).toBe(200)
    expect(before.has((await stat((await fileOf('sparse'))!)).ino)).toBe(true)
    expect((await wire.signed('GET', at('sparse'))).body.equals(Buffer.concat(bodies))).toBe(true)
  })

  it('is readable by all and writable by nobody once it is whole, in a directory that is private', async () => {
    const file = (await fileOf('sparse'))!
    expect((await stat(file)).mode & 0o777).toBe(0o444)
    expect((await stat(dir)).mode & 0o777).toBe(0o700)
  })

  it('ends with the last part that was named', async () => {
    const uploadId = await begin('cut', 5 * MiB)
    const [first, second] = [
      await sendPart('cut', uploadId, 1, randomBytes(5 * MiB)),
      await sendPart('cut', uploadId, 2, 'end'),
    ]
    await sendPart('cut', uploadId, 3, 'not named')
    await complete('cut', uploadId, [first, second])
    expect((await stat((await fileOf('cut'))!)).size).toBe(5 * MiB + 3)
  })

  it('takes a part that no file has a place for', async () => {
    const uploadId = await begin('far', 5 * 1024 * MiB)
    const part = await sendPart('far', uploadId, 10_000, 'far away')
    expect(part.status).toBe(200)
    expect((await complete('far', uploadId, [part])).status).toBe(200)
    expect((await wire.signed('GET', at('far'))).text).toBe('far away')
  })

  it('keeps a part that is there while it is sent again, until the new one is whole', async () => {
    const uploadId = await begin('again', 5 * MiB)
    await sendPart('again', uploadId, 1, 'first bytes')
    const slow = slowPart('again', uploadId, 1, Buffer.from('other bytes!'))
    await slow.writing
    expect(await listed('again', uploadId)).toEqual([1])
    slow.goOn()
    expect(await slow.ended).toBe(200)
    const { etag } = await sendPart('again', await begin('again', 5 * MiB), 1, 'other bytes!')
    expect((await complete('again', uploadId, [{ number: 1, etag: etag! }])).status).toBe(200)
    expect((await wire.signed('GET', at('again'))).text).toBe('other bytes!')
  })

  it('is completed with the part that is there, though another one is on its way', async () => {
    const uploadId = await begin('first', 5 * MiB)
    const part = await sendPart('first', uploadId, 1, 'first bytes')
    const slow = slowPart('first', uploadId, 1, Buffer.from('other bytes!'))
    await slow.writing
    expect((await complete('first', uploadId, [part])).status).toBe(200)
    slow.goOn()
    expect(['cut', 404]).toContain(await slow.ended)
    expect((await wire.signed('GET', at('first'))).text).toBe('first bytes')
  })

  it('keeps a part whose second sender went away in the middle', async () => {
    const uploadId = await begin('kept', 5 * MiB)
    const part = await sendPart('kept', uploadId, 1, 'acknowledged')
    const before = await unfinished()
    const slow = slowPart('kept', uploadId, 1, Buffer.from('never sent to the end'))
    await slow.writing
    slow.cut()
    await until(async () => (await unfinished()) === before)
    expect((await complete('kept', uploadId, [part])).status).toBe(200)
    expect((await wire.signed('GET', at('kept'))).text).toBe('acknowledged')
  })

  it('leaves the same bytes where they lie when they come again, so that completing copies nothing', async () => {
    const uploadId = await begin('same', 5 * MiB)
    const before = await unfinished()
    const body = randomBytes(1000)
    const [once, again] = [await sendPart('same', uploadId, 1, body), await sendPart('same', uploadId, 1, body)]
    expect(again).toEqual(once)
    expect(await unfinished()).toBe(before)
    const row = await wire.platform.sql.first('select 1 from parts where upload_id = $1 and file_id is null', [
      uploadId,
    ])
    expect(row).toBeDefined()
  })

  it('forgets a part whose sender went away in the middle', async () => {
    const uploadId = await begin('cut-off', 5 * MiB)
    const slow = slowPart('cut-off', uploadId, 1, Buffer.from('never sent to the end'))
    await slow.writing
    slow.cut()
    const rows = () => wire.platform.sql.query('select 1 from places where upload_id = $1', [uploadId])
    await until(async () => (await rows()).length === 0)
    const part = await sendPart('cut-off', uploadId, 1, 'sent')
    expect((await complete('cut-off', uploadId, [part])).status).toBe(200)
    expect((await wire.signed('GET', at('cut-off'))).text).toBe('sent')
  })

  it('lets two senders of a part be, and has the bytes of the one that ended last', async () => {
    const uploadId = await begin('hanging', 5 * MiB)
    const slow = slowPart('hanging', uploadId, 1, Buffer.alloc(64 * 1024, 'old'))
    await slow.writing
    const quick = await sendPart('hanging', uploadId, 1, 'new')
    expect(quick.status).toBe(200)
    slow.goOn()
    expect(await slow.ended).toBe(200)
    expect((await complete('hanging', uploadId, [quick])).code).toBe('InvalidPart')
    const old = (await sendPart('hanging', uploadId, 1, Buffer.alloc(64 * 1024, 'old'))).etag!
    await complete('hanging', uploadId, [{ number: 1, etag: old }])
    expect((await wire.signed('GET', at('hanging'))).text).toBe('old'.repeat(21845) + 'o')
  })

  it('has no writer any more when it is an object', async () => {
    const uploadId = await begin('sealed', 5 * MiB)
    const part = await sendPart('sealed', uploadId, 1, 'the end')
    const slow = slowPart('sealed', uploadId, 2, Buffer.alloc(64 * 1024, 'late'))
    await slow.writing
    expect((await complete('sealed', uploadId, [part])).status).toBe(200)
    slow.goOn()
    expect(['cut', 404]).toContain(await slow.ended)
    expect((await stat((await fileOf('sealed'))!)).size).toBe(7)
  })
})

describe('completing', () => {
  it('answers the same again while the object is there, and never makes a second one', async () => {
    const uploadId = await begin('twice', 5 * MiB)
    const parts = [await sendPart('twice', uploadId, 1, 'x')]
    const answers = await Promise.all([1, 2, 3].map(() => complete('twice', uploadId, parts)))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
    await wire.signed('PUT', at('twice'), { body: 'newer' })
    expect((await complete('twice', uploadId, parts)).code).toBe('NoSuchUpload')
    expect((await wire.signed('DELETE', `${at('twice')}?uploadId=${uploadId}`)).code).toBe('NoSuchUpload')
  })

  it('of separate parts puts them together, and leaves none of them behind', async () => {
    const before = (await files()).length
    const uploadId = await begin('joined')
    const bodies = [randomBytes(5 * MiB), randomBytes(6 * MiB), randomBytes(1)]
    const parts = []
    for (const [i, body] of bodies.entries()) parts.push(await sendPart('joined', uploadId, i + 1, body))
    const done = await complete('joined', uploadId, parts)
    expect(done.text).toContain('<CompleteMultipartUploadResult')
    expect((await wire.signed('GET', at('joined'))).body.equals(Buffer.concat(bodies))).toBe(true)
    expect((await files()).length).toBe(before + 1)
  })

  it('may be told to write only where there is nothing', async () => {
    const uploadId = await begin('once', 5 * MiB)
    const { etag } = await sendPart('once', uploadId, 1, 'x')
    await wire.signed('PUT', at('once'), { body: 'first' })
    const body = `<CompleteMultipartUpload><Part><ETag>${etag}</ETag><PartNumber>1</PartNumber></Part></CompleteMultipartUpload>`
    const answer = await wire.signed('POST', `${at('once')}?uploadId=${uploadId}`, {
      body,
      headers: { 'if-none-match': '*' },
    })
    expect([answer.status, answer.code]).toEqual([412, 'PreconditionFailed'])
    expect(await listed('once', uploadId)).toEqual([1])
  })

  it.each([
    ['', 'MalformedXML'],
    ['<CompleteMultipartUpload/>', 'MalformedXML'],
    ['<CompleteMultipartUpload><Part><PartNumber>1</PartNumber></Part></CompleteMultipartUpload>', 'MalformedXML'],
    [
      '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><CompleteMultipartUpload>&e;</CompleteMultipartUpload>',
      'MalformedXML',
    ],
    ['<Other><Part><PartNumber>1</PartNumber><ETag>x</ETag></Part></Other>', 'MalformedXML'],
    [
      '<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>&quot;x&#34;</ETag></Part></CompleteMultipartUpload>',
      'InvalidPart',
    ],
  ])('with %j is %s', async (body, code) => {
    const uploadId = await begin('malformed', 5 * MiB)
    expect((await wire.signed('POST', `${at('malformed')}?uploadId=${uploadId}`, { body })).code).toBe(code)
  })
})

describe('a part', () => {
  it.each([0, 10_001, -1, 1.5])('with the number %d is refused', async (number) => {
    const uploadId = await begin('numbers', 5 * MiB)
    expect((await sendPart('numbers', uploadId, number, 'x')).code).toBe('InvalidArgument')
  })

  it('with the number 10000 takes no room for those that are not there', async () => {
    const uploadId = await begin('far', 512 * MiB)
    expect((await sendPart('far', uploadId, 10_000, 'x')).status).toBe(200)
    const file = (await wire.platform.sql.first<{ file_id: string }>('select file_id from uploads where id = $1', [
      uploadId,
    ]))!.file_id
    const { size, blocks } = await stat(join(dir, 'unfinished', file))
    expect(size).toBe(9_999 * 512 * MiB + 1)
    expect(blocks * 512).toBeLessThan(MiB)
  })

  it('of an upload that is another key’s, or was never begun, is refused', async () => {
    const uploadId = await begin('mine', 5 * MiB)
    expect((await sendPart('yours', uploadId, 1, 'x')).code).toBe('NoSuchUpload')
    expect((await sendPart('mine', 'x'.repeat(48), 1, 'x')).code).toBe('NoSuchUpload')
  })
})

describe('two processes on one disk', () => {
  let other: Store
  const unconditional = {
    conditions: { ifMatch: undefined, ifNothing: false },
    checksum: undefined,
    checksumType: undefined,
    size: undefined,
  }
  beforeAll(async () => {
    other = await open(wire.platform)
  })
  afterAll(() => other.close())

  const bodyOf = (bytes: Buffer): Body => ({
    size: bytes.length,
    chunks: (async function* () {
      yield bytes
    })(),
    sha256: undefined,
    md5: undefined,
    checksum: undefined,
    cancel: () => {},
  })

  it('never write to the same place at once: the second writes apart', async () => {
    const uploadId = await begin('claimed', 5 * MiB)
    const slow = slowPart('claimed', uploadId, 1, Buffer.alloc(64 * 1024, 'a'))
    await slow.writing
    const target = { bucket: wire.bucket, key: 'claimed', uploadId, number: 1 }
    const part = await other.uploadPart.run(target, bodyOf(Buffer.from('b')))
    await complete('claimed', uploadId, [{ number: 1, etag: part.etag }])
    slow.goOn()
    expect(['cut', 404, 409]).toContain(await slow.ended)
    expect((await wire.signed('GET', at('claimed'))).text).toBe('b')
  })

  it('put parts together once, however many ask for it at once', async () => {
    const uploadId = await begin('joined once')
    const { etag } = await sendPart('joined once', uploadId, 1, 'bytes')
    const named = [{ number: 1, etag: etag!.replaceAll('"', ''), checksums: {} }]
    const target = { bucket: wire.bucket, key: 'joined once', uploadId }
    const create = vi.spyOn(ObjectFiles.prototype, 'create')
    const done = await Promise.all(
      Array.from({ length: 12 }, () => other.completeUpload.run(target, named, unconditional, () => {})),
    )
    expect(create).toHaveBeenCalledTimes(1)
    expect(new Set(done.map((object) => object.fileId)).size).toBe(1)
    create.mockRestore()
  })

  /** Completes an upload of one part that must be joined, while something else happens. */
  const completeDuring = async (key: string, happen: (uploadId: string) => Promise<unknown>, quietDays = 0) => {
    const uploadId = await begin(key)
    const { etag } = await sendPart(key, uploadId, 1, 'bytes')
    clock.advance(quietDays * 24 * 3600)
    const { join } = ObjectFiles.prototype
    const joining = vi.spyOn(ObjectFiles.prototype, 'join').mockImplementationOnce(async function (
      this: ObjectFiles,
      ...all
    ) {
      await happen(uploadId)
      return join.apply(this, all)
    })
    const completed = await complete(key, uploadId, [{ number: 1, etag: etag! }])
    joining.mockRestore()
    return { uploadId, completed }
  }

  it('tell whoever completes an upload of which a part is sent again', async () => {
    const { uploadId, completed } = await completeDuring('resent', (id) => sendPart('resent', id, 1, 'other bytes'))
    expect([completed.status, completed.code]).toEqual([200, 'OperationAborted'])
    expect(await listed('resent', uploadId)).toEqual([1])
  })

  it('take no upload away that is being completed, though it was quiet for long', async () => {
    const { completed } = await completeDuring('slowly joined', () => other.sweep.run(), 8)
    expect([completed.status, completed.code]).toEqual([200, undefined])
    expect((await wire.signed('GET', at('slowly joined'))).text).toBe('bytes')
  })

  it('say of an upload that was aborted as its parts were asked for that there is none, not that it has no parts', async () => {
    const uploadId = await begin('aborted while listed', 5 * MiB)
    await sendPart('aborted while listed', uploadId, 1, 'x')
    const reading = vi.spyOn(PgUploads.prototype, 'parts').mockImplementationOnce(async function (
      this: PgUploads,
      ...asked
    ) {
      await other.abortUpload.run({ bucket: wire.bucket, key: 'aborted while listed', uploadId })
      reading.mockRestore()
      return this.parts(...asked)
    })
    const answer = await wire.signed('GET', `${at('aborted while listed')}?uploadId=${uploadId}`)
    expect(answer).toMatchObject({ status: 404, code: 'NoSuchUpload' })
  })

  it('say of a part whose upload was aborted as it began that there is none', async () => {
    const uploadId = await begin('aborted early', 5 * MiB)
    const { reopen } = ObjectFiles.prototype
    const opening = vi.spyOn(ObjectFiles.prototype, 'reopen').mockImplementationOnce(async function (
      this: ObjectFiles,
      ...all
    ) {
      await other.abortUpload.run({ bucket: wire.bucket, key: 'aborted early', uploadId })
      return reopen.apply(this, all)
    })
    expect(await sendPart('aborted early', uploadId, 1, 'x')).toMatchObject({ status: 404, code: 'NoSuchUpload' })
    opening.mockRestore()
  })

  it('say of a copied part whose upload ends meanwhile that it was given up', async () => {
    await wire.signed('PUT', at('large source'), { body: Buffer.alloc(30 * MiB) })
    for (let i = 0; i < 5; i++) {
      const uploadId = await begin('copied into', 100 * MiB)
      const headers = { 'x-amz-copy-source': at('large source') }
      const copying = wire.signed('PUT', `${at('copied into')}?partNumber=2&uploadId=${uploadId}`, { headers })
      const places = () => wire.platform.sql.query('select from places where upload_id = $1', [uploadId])
      await until(async () => (await places()).length > 0)
      await wire.signed('DELETE', `${at('copied into')}?uploadId=${uploadId}`)
      const { status, code } = await copying
      expect(['OperationAborted', 'NoSuchUpload', undefined]).toContain(code)
      expect([200, 404, 409]).toContain(status)
    }
  })

  it('begin to put no parts together for which the disk has no room', async () => {
    const uploadId = await begin('no room')
    const { etag } = await sendPart('no room', uploadId, 1, 'bytes')
    const named = [{ number: 1, etag: etag!.replaceAll('"', ''), checksums: {} }]
    const free = vi.spyOn(ObjectFiles.prototype, 'free').mockResolvedValue(4)
    const onLong = vi.fn()
    const target = { bucket: wire.bucket, key: 'no room', uploadId }
    await expect(other.completeUpload.run(target, named, unconditional, onLong)).rejects.toMatchObject({
      code: 'InsufficientStorage',
    })
    expect(onLong).not.toHaveBeenCalled()
    free.mockRestore()
  })

  it('renew the leases of places that nobody else has locked, and wait for none', async () => {
    const { sql } = wire.platform
    const uploads = new PgUploads(sql)
    const uploadId = await begin('renewed', 5 * MiB)
    const [now, before, after] = [0, 10, 20].map((s) => new Date(clock.now().getTime() + s * 1000))
    for (const number of [1, 2, 3]) await uploads.leasePlace(uploadId, { number, claim: `${number}` }, now!, before!)
    await uploads.fillPlace('3')
    const outside = AsyncLocalStorage.snapshot()
    await sql.transaction(async () => {
      await sql.first('select 1 from places where claim = $1 for update', ['1'])
      expect(await outside(() => uploads.renewLeases(['1', '2', '3', '4'], now!, after!))).toEqual(['2'])
    })
    expect((await uploads.renewLeases(['1', '2'], now!, after!)).sort()).toEqual(['1', '2'])
    expect(await uploads.renewLeases(['1', '2'], after!, after!)).toEqual([])
    await wire.signed('DELETE', `${at('renewed')}?uploadId=${uploadId}`)
  })

  it('wait for each other when an upload is completed, until the claim of the one that writes runs out', async () => {
    const uploadId = await begin('waits', 5 * MiB)
    const part = await sendPart('waits', uploadId, 1, 'x')
    const slow = slowPart('waits', uploadId, 2, Buffer.alloc(64 * 1024, 'a'))
    await slow.writing
    const named = [{ number: 1, etag: part.etag!.replaceAll('"', ''), checksums: {} }]
    let done = false
    const completion = other.completeUpload
      .run({ bucket: wire.bucket, key: 'waits', uploadId }, named, unconditional, () => {})
      .then(() => (done = true))
    await until(
      async () =>
        (await wire.platform.sql.first('select 1 from places where upload_id = $1', [uploadId])) !== undefined,
    )
    expect(done).toBe(false)
    // The first is stopped by its own clock before the other may go on.
    clock.advance(11)
    slow.goOn()
    await completion
    expect(['cut', 503, 404]).toContain(await slow.ended)
    expect((await wire.signed('GET', at('waits'))).text).toBe('x')
  })
})

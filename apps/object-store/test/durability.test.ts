import { randomBytes } from 'node:crypto'
import { readdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ManualClock } from '@balcao/kernel'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Body } from '../src/application/bodies/body.ts'
import { open, type Store } from '../src/open.ts'
import { forFile, openWire, type Wire } from './wire.ts'

const MiB = 1024 * 1024
const MINUTE = 60
const clock = new ManualClock()
let wire: Wire
/** Two more processes on the same disk and database. */
let store: Store
let other: Store
let dir: string
beforeAll(async () => {
  wire = await openWire({ clock })
  store = await open(wire.platform)
  other = await open(wire.platform)
  dir = join(wire.platform.config.dataDir, 'objects')
})
afterAll(async () => {
  await store.close()
  await other.close()
  await wire.close()
})

const at = (key: string) => wire.path(wire.bucket, key)
const put = (key: string, body: string, headers: Record<string, string> = {}) =>
  wire.signed('PUT', at(key), { body, headers })
const read = async (key: string) => (await wire.signed('GET', at(key))).body
const unfinished = () => readdir(join(dir, 'unfinished'))
const stored = async () => {
  const all = await readdir(dir, { recursive: true, withFileTypes: true })
  return all.filter((entry) => entry.isFile()).map(({ name }) => name)
}
const rows = async () =>
  (await wire.platform.sql.query<{ file_id: string }>('select file_id from objects where file_id is not null')).map(
    ({ file_id }) => file_id,
  )

async function begin(key: string, partSize?: number): Promise<string> {
  const headers: Record<string, string> = partSize ? { 'x-amz-meta-part-size': String(partSize) } : {}
  return /<UploadId>(\w+)</.exec((await wire.signed('POST', `${at(key)}?uploads`, { headers })).text)![1]!
}
async function sendPart(key: string, uploadId: string, number: number, body: Buffer | string) {
  const target = wire.sign('PUT', key, { query: { uploadId, partNumber: String(number) } })
  const answer = await wire.raw('PUT', target, { 'content-length': String(body.length) }, body)
  return { number, etag: answer.headers.etag! }
}
function complete(key: string, uploadId: string, parts: { number: number; etag: string }[], headers = {}) {
  const list = parts.map(({ number, etag }) => `<Part><PartNumber>${number}</PartNumber><ETag>${etag}</ETag></Part>`)
  const body = `<CompleteMultipartUpload>${list.join('')}</CompleteMultipartUpload>`
  return wire.signed('POST', `${at(key)}?uploadId=${uploadId}`, { body, headers })
}

/** A body whose last byte comes when it is told to. */
function slowBody(bytes: string): { body: Body; begun: Promise<void>; end: () => void } {
  let end = () => {}
  let begin = () => {}
  const ended = new Promise<void>((resolve) => (end = resolve))
  const begun = new Promise<void>((resolve) => (begin = resolve))
  const chunks = (async function* () {
    yield Buffer.from(bytes.slice(0, -1))
    begin()
    await ended
    yield Buffer.from(bytes.slice(-1))
  })()
  const body = { size: bytes.length, chunks, sha256: undefined, md5: undefined, checksum: undefined, cancel: () => {} }
  return { body, begun, end }
}
const slowPut = (key: string, bytes: string) => {
  const { body, begun, end } = slowBody(bytes)
  const wanted = { bucket: wire.bucket, key, contentType: 'text/plain', headers: {} }
  const done = store.putObject.run(wanted, { ifMatch: undefined, ifNothing: false }, body)
  return { begun, done, end }
}

describe('bytes do not change before the commit that makes it true', () => {
  it.each([
    ['that is refused by its condition', async () => ({ headers: { 'if-none-match': '*' }, mend: async () => {} })],
    [
      'that the database does not take',
      async () => {
        const { sql } = wire.platform
        await sql.run(`create function refuse() returns trigger language plpgsql as
          $$ begin raise exception using errcode = '57P01'; end $$`)
        await sql.run('create trigger refuse before insert or update on objects for each row execute function refuse()')
        return { headers: {}, mend: async () => void (await sql.run('drop function refuse cascade')) }
      },
    ],
  ])('in a completion of fewer parts %s', async (_, prepare) => {
    await put('whole', 'there already')
    const uploadId = await begin('whole', 5 * MiB)
    const bodies = [randomBytes(5 * MiB), randomBytes(5 * MiB), randomBytes(1000)]
    const parts = []
    for (const [i, body] of bodies.entries()) parts.push(await sendPart('whole', uploadId, i + 1, body))
    const { headers, mend } = await prepare()
    expect((await complete('whole', uploadId, parts.slice(0, 1), headers)).text).toContain('<Code>')
    await mend()
    expect((await read('whole')).toString()).toBe('there already')
    expect((await complete('whole', uploadId, parts)).text).toContain('<ETag>')
    expect((await read('whole')).equals(Buffer.concat(bodies))).toBe(true)
  })

  it('and fewer parts than were sent make an object of just those', async () => {
    const uploadId = await begin('fewer', 5 * MiB)
    const bodies = [randomBytes(5 * MiB), randomBytes(5 * MiB), randomBytes(1000)]
    const parts = []
    for (const [i, body] of bodies.entries()) parts.push(await sendPart('fewer', uploadId, i + 1, body))
    await complete('fewer', uploadId, parts.slice(0, 2))
    expect((await read('fewer')).equals(Buffer.concat(bodies.slice(0, 2)))).toBe(true)
  })
})

describe('what is being written', () => {
  it('is left alone by the sweeps of all processes, however slowly it comes', async () => {
    const slow = slowPut('slow', forFile('drop by drop'))
    await slow.begun
    for (let hours = 0; hours < 3; hours++) {
      for (let minutes = 0; minutes < 60; minutes += 20) {
        clock.advance(20 * MINUTE)
        await store.writeIntents.renew()
      }
      await other.sweep.run(0)
    }
    slow.end()
    await slow.done
    expect((await read('slow')).toString()).toBe(forFile('drop by drop'))
  })

  it('is refused, and not acknowledged, when sweeps could not be told of it for an hour', async () => {
    const before = await unfinished()
    const slow = slowPut('untold', forFile('x'))
    await slow.begun
    clock.advance(56 * MINUTE)
    slow.end()
    await expect(slow.done).rejects.toMatchObject({ code: 'SlowDown' })
    expect(await unfinished()).toEqual(before)
  })

  it('is refused after the machine slept and a sweep of another took it, however soon sweeps are told of it', async () => {
    const slow = slowPut('slept', forFile('x'))
    await slow.begun
    clock.advance(61 * MINUTE)
    await other.sweep.run(0)
    await store.writeIntents.renew()
    slow.end()
    await expect(slow.done).rejects.toMatchObject({ code: 'SlowDown' })
    expect((await wire.signed('GET', at('slept'))).status).toBe(404)
  })

  it('does not reach a place that another one has taken meanwhile', async () => {
    const uploadId = await begin('place', 5 * MiB)
    const { body, begun, end } = slowBody('too late')
    const slow = store.uploadPart.run({ bucket: wire.bucket, key: 'place', uploadId, number: 1 }, body)
    await begun
    clock.advance(11)
    const part = await sendPart('place', uploadId, 1, 'in time')
    await store.partLeases.renew()
    end()
    await expect(slow).rejects.toMatchObject({ code: 'SlowDown' })
    await complete('place', uploadId, [part])
    expect((await read('place')).toString()).toBe('in time')
  })

  it('goes on in its place as long as its claim is renewed', async () => {
    const uploadId = await begin('kept', 5 * MiB)
    const { body, begun, end } = slowBody('drop by drop')
    const slow = store.uploadPart.run({ bucket: wire.bucket, key: 'kept', uploadId, number: 1 }, body)
    await begun
    for (let seconds = 0; seconds < 60; seconds += 5) {
      clock.advance(5)
      await store.partLeases.renew()
    }
    end()
    const { etag } = await slow
    await complete('kept', uploadId, [{ number: 1, etag }])
    expect((await read('kept')).toString()).toBe('drop by drop')
  })

  it('and dies with its process is swept an hour later', async () => {
    const name = 'cd'.repeat(16)
    await writeFile(join(dir, 'unfinished', name), 'half an object')
    await other.sweep.run()
    expect(await unfinished()).toContain(name)
    await other.sweep.run(0)
    expect(await unfinished()).not.toContain(name)
  })

  it('is an object wherever a crash left its file, and gets to its place by a sweep', async () => {
    await put('moved', forFile('bytes'))
    const { file_id: file } = (await wire.platform.sql.first<{ file_id: string }>(
      'select file_id from objects where key = $1',
      ['moved'],
    ))!
    await rename(join(dir, file.slice(0, 2), file), join(dir, 'unfinished', file))
    expect((await read('moved')).toString()).toBe(forFile('bytes'))
    await other.sweep.run(0)
    expect(await unfinished()).not.toContain(file)
    expect((await read('moved')).toString()).toBe(forFile('bytes'))
  })
})

describe('what nobody needs any more', () => {
  it('is found by a sweep when the process died before it could remove it', async () => {
    await put('replaced', forFile('old'))
    const [file] = (await wire.platform.sql.query<{ file_id: string }>('select file_id from objects where key = $1', [
      'replaced',
    ])) as [{ file_id: string }]
    const place = join(dir, file.file_id.slice(0, 2), file.file_id)
    await put('replaced', forFile('new'))
    // As a crash after the commit leaves it: the file, and the row that tells of it.
    await writeFile(place, 'old')
    await wire.platform.sql.run('insert into discarded (file_id, at) values ($1, $2)', [file.file_id, clock.now()])
    clock.advance(2 * MINUTE)
    expect((await other.sweep.run(0)).files).toBe(1)
    expect(await stored()).not.toContain(file.file_id)
  })

  it('is nothing, however many write one key at once: each object has one file, or none', async () => {
    const body = (i: number) => (i % 2 === 0 ? `body ${i}` : forFile(`body ${i}`))
    await Promise.all(Array.from({ length: 20 }, (_, i) => put('contended', body(i))))
    await Promise.all(Array.from({ length: 20 }, (_, i) => put('contended', body(i + 1))))
    expect((await read('contended')).toString()).toMatch(/^body \d+\.*$/)
    await wire.signed('DELETE', at('contended'))
    await other.sweep.run(0)
    expect((await stored()).sort()).toEqual((await rows()).sort())
  })
})

describe('conditions', () => {
  const etagOf = async (key: string) => (await wire.signed('HEAD', at(key))).headers.etag!

  it('of a DELETE decide whether it happens', async () => {
    await put('cond', 'x')
    const wrong = await wire.signed('DELETE', at('cond'), { headers: { 'if-match': '"0"' } })
    expect([wrong.status, wrong.code]).toEqual([412, 'PreconditionFailed'])
    expect((await read('cond')).toString()).toBe('x')
    const right = await wire.signed('DELETE', at('cond'), { headers: { 'if-match': await etagOf('cond') } })
    expect(right.status).toBe(204)
    const gone = await wire.signed('DELETE', at('cond'), { headers: { 'if-match': '*' } })
    expect([gone.status, gone.code]).toEqual([404, 'NoSuchKey'])
    expect((await wire.signed('DELETE', at('cond'))).status).toBe(204)
  })

  it('of many deletions decide about each', async () => {
    for (const key of ['m1', 'm2', 'm3']) await put(key, key)
    const entry = (key: string, etag?: string) =>
      `<Object><Key>${key}</Key>${etag ? `<ETag>${etag}</ETag>` : ''}</Object>`
    const body = `<Delete>${entry('m1', '"0"')}${entry('m2', await etagOf('m2'))}${entry('m3')}${entry('m4', '*')}</Delete>`
    const { text } = await wire.signed('POST', `/${wire.bucket}?delete`, { body })
    expect([...text.matchAll(/<Deleted><Key>(\w+)/g)].map(([, key]) => key)).toEqual(['m2', 'm3'])
    expect([...text.matchAll(/<Error><Key>(\w+)<\/Key><Code>(\w+)/g)].map(([, key, code]) => [key, code])).toEqual([
      ['m1', 'PreconditionFailed'],
      ['m4', 'NoSuchKey'],
    ])
    expect((await read('m1')).toString()).toBe('m1')
  })

  it('of deletions of one key are told of each, in their order', async () => {
    await put('one', 'x')
    const entry = (etag: string) => `<Object><Key>one</Key><ETag>${etag}</ETag></Object>`
    const body = `<Delete>${entry('"0"')}${entry(await etagOf('one'))}${entry('*')}</Delete>`
    const { text } = await wire.signed('POST', `/${wire.bucket}?delete`, { body })
    expect([...text.matchAll(/<(Error|Deleted)><Key>one<\/Key>(?:<Code>(\w+))?/g)].map(([, , code]) => code)).toEqual([
      'PreconditionFailed',
      undefined,
      'NoSuchKey',
    ])
    expect((await wire.signed('HEAD', at('one'))).status).toBe(404)
  })

  it.each([
    ['DELETE', 'x', { 'if-unmodified-since': new Date().toUTCString() }],
    ['DELETE', 'x', { 'if-none-match': '*' }],
    ['PUT', 'x', { 'if-modified-since': new Date().toUTCString() }],
    ['POST', 'x?uploads', { 'if-none-match': '*' }],
    ['GET', '?list-type=2', { 'if-none-match': '"0"' }],
  ])('of %s %s that nobody looks at are refused, not passed over', async (method, target, headers) => {
    const path = target.startsWith('?') ? `/${wire.bucket}${target}` : `/${wire.bucket}/${target}`
    const answer = await wire.signed(method, path, { headers, ...(method === 'PUT' ? { body: 'x' } : {}) })
    expect([answer.status, answer.code]).toEqual([501, 'NotImplemented'])
  })

  it('on the source of a copy decide whether it happens', async () => {
    await put('source', 'x')
    const copy = (headers: Record<string, string>) =>
      wire.signed('PUT', at('target'), { headers: { 'x-amz-copy-source': at('source'), ...headers } })
    const etag = await etagOf('source')
    for (const headers of [
      { 'x-amz-copy-source-if-match': '"0"' },
      { 'x-amz-copy-source-if-none-match': etag },
      { 'x-amz-copy-source-if-unmodified-since': new Date(0).toUTCString() },
      { 'x-amz-copy-source-if-modified-since': clock.now().toUTCString() },
    ] as Record<string, string>[]) {
      expect((await copy(headers)).code).toBe('PreconditionFailed')
    }
    expect((await wire.signed('HEAD', at('target'))).status).toBe(404)
    expect((await copy({ 'x-amz-copy-source-if-match': etag })).status).toBe(200)
    expect((await copy({ 'if-none-match': '*' })).code).toBe('PreconditionFailed')
  })
})

describe('at the same time', () => {
  it.each([
    ['in one file', 5 * MiB],
    ['apart', undefined],
  ])('identical completions of parts %s all answer 200 with one object', async (_, partSize) => {
    const key = `together ${partSize}`
    const uploadId = await begin(key, partSize)
    const bodies = [randomBytes(5 * MiB), randomBytes(7)]
    const parts = [await sendPart(key, uploadId, 1, bodies[0]!), await sendPart(key, uploadId, 2, bodies[1]!)]
    const answers = await Promise.all(Array.from({ length: 8 }, () => complete(key, uploadId, parts)))
    expect(answers.map(({ status, text }) => [status, text.includes('<ETag>')])).toEqual(
      Array.from({ length: 8 }, () => [200, true]),
    )
    expect((await read(key)).equals(Buffer.concat(bodies))).toBe(true)
    await other.sweep.run(0)
    expect((await stored()).sort()).toEqual((await rows()).sort())
  })

  it.each([
    ['in a row', (text: string) => text],
    ['in a file', forFile],
    ['now in a row, now in a file', (text: string) => (/[02468]$/.test(text) ? text : forFile(text))],
  ])('a copy is of the old or the new source, never an error (%s)', async (_, made) => {
    await put('changing', made('body 0'))
    let stop = false
    const changing = (async () => {
      for (let i = 1; !stop; i++) await put('changing', made(`body ${i}`))
    })()
    const copies = await Promise.all(
      Array.from({ length: 60 }, (_, i) =>
        wire.signed('PUT', at(`copy ${i}`), { headers: { 'x-amz-copy-source': at('changing') } }),
      ),
    )
    stop = true
    await changing
    expect(copies.map(({ status }) => status)).toEqual(copies.map(() => 200))
    for (let i = 0; i < 60; i++) expect((await read(`copy ${i}`)).toString()).toMatch(/^body \d+\.*$/)
  })

  it.each([
    ['in rows', 1000, 1000],
    ['in files', 400_000, 400_000],
    ['in a row or a file', 1000, 400_000],
  ])('a reader gets the old or the new object, whole (%s)', async (_, one, other) => {
    const bodies = ['a'.repeat(one), 'b'.repeat(other)]
    await put('read', bodies[0]!)
    let stop = false
    const changing = (async () => {
      for (let i = 0; !stop; i++) await put('read', bodies[i % 2]!)
    })()
    for (let i = 0; i < 100; i++) expect(bodies.includes((await read('read')).toString())).toBe(true)
    stop = true
    await changing
  })
})

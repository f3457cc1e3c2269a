import { AsyncLocalStorage } from 'node:async_hooks'
import { once } from 'node:events'
import { linkSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readdir, rm, rmdir, truncate, writeFile } from 'node:fs/promises'
import { get, type IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { ManualClock } from '@balcao/kernel'
import { until } from '@balcao/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { placeOf } from '../src/domain/object.ts'
import { open, type Store } from '../src/open.ts'
import { forFile, logTo, openWire, type Wire } from './wire.ts'

const clock = new ManualClock()
let wire: Wire
let store: Store
let dir: string
const failures: unknown[] = []
beforeAll(async () => {
  wire = await openWire({ clock, log: logTo(failures) })
  store = await open(wire.platform)
  dir = join(wire.platform.config.dataDir, 'objects')
})
afterAll(async () => {
  await store.close()
  await wire.close()
})

const at = (key: string) => wire.path(wire.bucket, key)
const put = (key: string, body: string) => wire.signed('PUT', at(key), { body })
const read = async (key: string) => (await wire.signed('GET', at(key))).text
const files = async () => (await readdir(dir, { recursive: true })).filter((name) => name.length > 2)

/** Lets the database refuse the rows of a key, as it does when its disk is full or it goes away. */
async function refuseRowsOf(key: string, sqlState: string) {
  const { sql } = wire.platform
  await sql.run(`create function refuse() returns trigger language plpgsql as
    $$ begin if new.key = '${key}' then raise exception using errcode = '${sqlState}'; end if; return new; end $$`)
  await sql.run('create trigger refuse before insert or update on objects for each row execute function refuse()')
  return async () => {
    await sql.run('drop trigger refuse on objects')
    await sql.run('drop function refuse')
  }
}

describe('when bytes on the disk are lost', () => {
  it('whoever reads them sees that the answer is not whole, and the log says what is wrong', async () => {
    await put('damaged', forFile('x'.repeat(100_000)))
    const { file_id } = (await wire.platform.sql.first<{ file_id: string }>(
      `select file_id from objects where key = 'damaged'`,
    ))!
    const path = join(dir, placeOf(file_id))
    await chmod(path, 0o600)
    await truncate(path, 50_000)
    failures.length = 0
    await expect(read('damaged')).rejects.toThrow()
    await until(() => failures.length === 1)
    expect(failures[0]).toMatchObject([
      { err: expect.objectContaining({ message: expect.stringContaining('shorter') }) },
      'an answer was cut off',
    ])
    failures.length = 0
    await wire.signed('DELETE', at('damaged'))
  })
})

describe('when somebody leaves a download', () => {
  it('it is nothing for the log', async () => {
    await put('left', forFile('x'.repeat(30_000_000)))
    failures.length = 0
    const { port } = new URL(wire.platform.config.urls.objectStore)
    for (const leave of ['destroy', 'resetAndDestroy', 'end'] as const) {
      for (let i = 0; i < 5; i++) {
        const req = get({ host: '127.0.0.1', port, path: wire.sign('GET', 'left') })
        const [res] = (await once(req, 'response')) as [IncomingMessage]
        await once(res, 'data')
        res.socket[leave]()
        await new Promise((resolve) => res.on('error', () => {}).once('close', resolve))
      }
    }
    // Whoever comes last is answered once they are gone.
    await wire.signed('DELETE', at('left'))
    await store.sweep.run(0)
    expect(failures).toEqual([])
  })
})

describe('when the row cannot be written', () => {
  it('the object there was stays, nobody sees the new one, and its bytes are swept', async () => {
    await put('kept', 'old')
    const before = await files()
    const mend = await refuseRowsOf('kept', '57P01')
    const answer = await put('kept', forFile('new'))
    await mend()
    expect([answer.status, answer.code]).toEqual([500, 'InternalError'])
    expect(await read('kept')).toBe('old')
    expect((await files()).length).toBe(before.length + 1)
    expect(await store.sweep.run(0)).toEqual({ uploads: 0, files: 1 })
    expect((await files()).sort()).toEqual(before.sort())
    expect(await read('kept')).toBe('old')
  })

  it('because the disk is full, the answer says so', async () => {
    const mend = await refuseRowsOf('full', '53100')
    const answer = await put('full', 'x')
    await mend()
    expect([answer.status, answer.code]).toEqual([507, 'InsufficientStorage'])
    expect((await wire.signed('HEAD', at('full'))).status).toBe(404)
  })

  it('a completed upload stays an upload and can be completed later', async () => {
    const headers = { 'x-amz-meta-part-size': String(5 * 1024 * 1024) }
    const { text } = await wire.signed('POST', `${at('later')}?uploads`, { headers })
    const uploadId = /<UploadId>(\w+)</.exec(text)![1]!
    const sendPart = async (body: string) => {
      const target = wire.sign('PUT', 'later', { query: { uploadId, partNumber: '1' } })
      return (await wire.raw('PUT', target, { 'content-length': String(body.length) }, body)).headers.etag!
    }
    const complete = (etag: string) =>
      wire.signed('POST', `${at('later')}?uploadId=${uploadId}`, {
        body: `<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>${etag}</ETag></Part></CompleteMultipartUpload>`,
      })
    const sent = await sendPart('one')
    const mend = await refuseRowsOf('later', '57P01')
    expect((await complete(sent)).code).toBe('InternalError')
    await mend()
    // The file is sealed already; another part may still take the place of this one.
    expect((await complete(await sendPart('uno'))).status).toBe(200)
    expect(await read('later')).toBe('uno')
  })
})

describe('a completion that fails when its answer has begun', () => {
  it('says so in its body, and in the log', async () => {
    const uploadId = /<UploadId>(\w+)</.exec((await wire.signed('POST', `${at('late')}?uploads`)).text)![1]!
    const target = wire.sign('PUT', 'late', { query: { uploadId, partNumber: '1' } })
    const { headers } = await wire.raw('PUT', target, { 'content-length': '1' }, 'x')
    const body = `<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>${headers.etag}</ETag></Part></CompleteMultipartUpload>`
    const mend = await refuseRowsOf('late', '57P01')
    const complete = () => wire.signed('POST', `${at('late')}?uploadId=${uploadId}`, { body })
    const before = failures.length
    const refused = await complete()
    await mend()
    expect([refused.status, refused.code]).toEqual([200, 'InternalError'])
    expect(failures.slice(before)).toMatchObject([[{ operation: 'CompleteMultipartUpload' }, expect.any(String)]])
    expect((await complete()).code).toBeUndefined()
    expect(await read('late')).toBe('x')
  })
})

describe('a file that may have no more names', () => {
  it('is copied byte by byte', async () => {
    await put('popular', forFile('bytes'))
    const { file_id: id } = (await wire.platform.sql.first<{ file_id: string }>(
      `select file_id from objects where key = 'popular'`,
    ))!
    const names = await mkdtemp(join(wire.platform.config.dataDir, 'names-'))
    // ext4 allows 65,000; where there is no end to them this is an ordinary copy.
    const file = join(dir, id.slice(0, 2), id)
    try {
      for (let i = 0; i < 66_000; i++) linkSync(file, join(names, String(i)))
    } catch {}
    const headers = { 'x-amz-copy-source': at('popular') }
    expect((await wire.signed('PUT', at('one more'), { headers })).status).toBe(200)
    expect(await read('one more')).toBe(forFile('bytes'))
    await rm(names, { recursive: true })
  })
})

describe('the sweeper', () => {
  it('takes files that no row names once they were left alone, and leaves all others', async () => {
    await put('swept-not', 'stays')
    await wire.signed('POST', `${at('open')}?uploads`, { headers: { 'x-amz-meta-part-size': String(5 * 1024 * 1024) } })
    await store.sweep.run(0)
    const before = await files()
    const name = 'ab'.repeat(16)
    await writeFile(join(dir, 'unfinished', name), 'half an object')
    expect((await store.sweep.run()).files).toBe(0)
    expect((await store.sweep.run(0)).files).toBe(1)
    expect((await files()).sort()).toEqual(before.sort())
    expect(await read('swept-not')).toBe('stays')
  })

  it('takes the others where one cannot be taken', async () => {
    await store.sweep.run(0)
    const [stuck, loose] = ['00'.repeat(16), 'ff'.repeat(16)]
    // Nobody can unlink a folder.
    await mkdir(join(dir, 'unfinished', stuck))
    await writeFile(join(dir, 'unfinished', loose), 'half an object')
    await wire.platform.sql.run('insert into discarded (file_id, at) values ($1, $2)', [stuck, new Date(0)])
    expect((await store.sweep.run(0)).files).toBe(1)
    expect(await readdir(join(dir, 'unfinished'))).not.toContain(loose)
    const left = await wire.platform.sql.query('select file_id from discarded')
    expect(left).toEqual([{ file_id: stuck }])
    await rmdir(join(dir, 'unfinished', stuck))
    await store.sweep.run(0)
    expect(await wire.platform.sql.query('select file_id from discarded')).toEqual([])
  })

  it('aborts uploads that saw nothing for seven days, however old the others are', async () => {
    const day = 24 * 3600
    const begin = async (key: string) =>
      /<UploadId>(\w+)</.exec((await wire.signed('POST', `${at(key)}?uploads`)).text)![1]!
    const sendPart = (key: string, uploadId: string, partNumber: string) =>
      wire.raw('PUT', wire.sign('PUT', key, { query: { uploadId, partNumber } }), { 'content-length': '1' }, 'x')
    const [quiet, slow] = [await begin('quiet'), await begin('slow')]
    await sendPart('quiet', quiet, '1')
    clock.advance(6 * day)
    const young = await begin('young')
    await sendPart('slow', slow, '1')
    clock.advance(day + 1)
    const before = (await files()).length
    expect((await store.sweep.run()).uploads).toBeGreaterThanOrEqual(1)
    expect((await files()).length).toBeLessThan(before)
    const seen = async (key: string, uploadId: string) =>
      (await wire.signed('GET', `${at(key)}?uploadId=${uploadId}`)).code ?? 'there'
    expect(await seen('quiet', quiet)).toBe('NoSuchUpload')
    expect([await seen('young', young), await seen('slow', slow)]).toEqual(['there', 'there'])
    clock.advance(6 * day)
    await store.sweep.run()
    expect([await seen('young', young), await seen('slow', slow)]).toEqual(['NoSuchUpload', 'NoSuchUpload'])
  })
})

describe('a part that is acknowledged while its upload is swept', () => {
  it('stays, and its upload', async () => {
    const { sql } = wire.platform
    const { text } = await wire.signed('POST', `${at('woken')}?uploads`)
    const uploadId = /<UploadId>(\w+)</.exec(text)![1]!
    clock.advance(8 * 24 * 3600)
    // What is done there is done by others than who holds the transaction.
    const outside = AsyncLocalStorage.snapshot()
    let sweeping: Promise<unknown> | undefined
    await sql.transaction(async () => {
      // As a part that is saved holds its upload.
      await sql.first('select 1 from uploads where id = $1 for key share', [uploadId])
      sweeping = outside(() => store.sweep.run())
      const waiting = `select 1 from pg_stat_activity where wait_event_type = 'Lock' and query like '%for update%'
        and datname = current_database()`
      await until(() => outside(async () => (await sql.first(waiting)) !== undefined))
      await sql.run(
        `insert into parts (upload_id, number, claim, size, etag, checksums, created_at)
         values ($1, 1, 'x', 0, 'd41d8cd98f00b204e9800998ecf8427e', '{}', $2)`,
        [uploadId, clock.now()],
      )
    })
    await sweeping
    expect((await wire.signed('GET', `${at('woken')}?uploadId=${uploadId}`)).text).toContain('<PartNumber>1<')
    await wire.signed('DELETE', `${at('woken')}?uploadId=${uploadId}`)
  })
})

describe('the event of a new object', () => {
  const outbox = async () => {
    const rows = await wire.platform.sql.query<{ payload: unknown }>('select payload from outbox order by seq')
    return rows.map(({ payload }) => payload)
  }

  it('is written with the object, for single PUTs to the bucket of uploads only', async () => {
    await wire.platform.sql.run('delete from outbox')
    const answer = await wire.signed('PUT', wire.path(wire.temp, 'input/film é'), { body: 'bytes' })
    await put('output/segment', 'bytes')
    const etag = answer.headers.etag!.replaceAll('"', '')
    expect(await outbox()).toEqual([{ bucket: wire.temp, key: 'input/film é', size: 5, etag }])
  })

  it('is not written when the object is not', async () => {
    await wire.platform.sql.run('delete from outbox')
    const mend = await refuseRowsOf('never', '57P01')
    await wire.signed('PUT', wire.path(wire.temp, 'never'), { body: 'x' })
    await mend()
    expect(await outbox()).toEqual([])
  })
})

describe('a start', () => {
  it('with a bucket that would be sent the cookies of sign-in is refused', async () => {
    const { store: names, ...config } = wire.platform.config
    const platform = { ...wire.platform, config: { ...config, store: { ...names, mediaBucket: 'auth' } } }
    await expect(open(platform)).rejects.toMatchObject({ code: 'InvalidBucketName' })
  })
})

import type { Platform, Sql } from '@balcao/platform'
import { testPlatform } from '@balcao/testing'
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { KnownBuckets } from '../src/application/known-buckets.ts'
import { ListObjects } from '../src/application/objects/list-objects.ts'
import type { UploadMarker } from '../src/application/ports/uploads.ts'
import { ListUploads, type UploadsPage } from '../src/application/uploads/list-uploads.ts'
import { objectStore } from '../src/index.ts'
import { PgBuckets } from '../src/infrastructure/pg-buckets.ts'
import { PgObjects } from '../src/infrastructure/pg-objects.ts'
import { PgUploads } from '../src/infrastructure/pg-uploads.ts'

let platform: Platform
let objects: PgObjects
beforeAll(async () => {
  platform = await testPlatform(objectStore)
  objects = new PgObjects(platform.sql)
  await new KnownBuckets(new PgBuckets(platform.sql), platform.clock).ensure('bucket')
})
afterAll(() => platform.close())

const fill = async (keys: readonly string[]) => {
  await platform.sql.run('delete from objects')
  for (const [i, key] of keys.entries()) {
    await objects.save(
      {
        bucket: 'bucket',
        key,
        fileId: String(i),
        size: 0,
        etag: '',
        contentType: '',
        headers: {},
        checksums: {},
        uploadId: undefined,
        createdAt: platform.clock.now(),
      },
      false,
    )
  }
}

describe('a listing', () => {
  it.each([
    ['flat', { prefix: '', delimiter: '' }],
    ['below a prefix', { prefix: '7', delimiter: '' }],
    ['of folders', { prefix: '', delimiter: '/' }],
  ])('%s reads about as many rows as it shows, also by a plan that knows no values', async (_, query) => {
    const { sql } = platform
    await sql.run('delete from objects')
    await sql.run(
      `insert into objects (bucket, key, file_id, size, etag, content_type, headers, checksums, created_at)
       select 'bucket', (n / 50) || '/' || n, md5(n::text), 1, 'etag', 'text/plain', '{}', '{}', now()
       from generate_series(1, 20000) n`,
    )
    await sql.run('analyze objects')
    const list = new ListObjects(objects)
    // Of this connection, also what it has read before and not told yet.
    const readSoFar = async () =>
      Number(
        (await sql.first<{ read: bigint }>(
          `select seq_tup_read + idx_tup_fetch as read from pg_stat_xact_user_tables where relid = 'objects'::regclass`,
        ))!.read,
      )
    const read = await sql.transaction(async () => {
      await sql.run('set local plan_cache_mode = force_generic_plan')
      const before = await readSoFar()
      const page = await list.run({ bucket: 'bucket', ...query }, '', 100)
      expect(page.objects.length + page.commonPrefixes.length).toBe(100)
      return (await readSoFar()) - before
    })
    expect(read).toBeGreaterThan(0)
    expect(read).toBeLessThan(400)
  })

  it('turned page by page is every key and every common prefix, once and in order', async () => {
    const key = fc.string({
      unit: fc.constantFrom('a', 'b', '/', '-', 'é', '😀', '\u{10ffff}'),
      minLength: 1,
      maxLength: 6,
    })
    const list = new ListObjects(objects)
    const compare = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b))
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(key, { maxLength: 25 }),
        fc.oneof(fc.constant(''), fc.string({ unit: fc.constantFrom('a', '/', '\u{10ffff}'), maxLength: 2 })),
        fc.constantFrom('', '/', 'é', '-a', '\u{10ffff}'),
        fc.integer({ min: 1, max: 7 }),
        async (keys, prefix, delimiter, limit) => {
          await fill(keys)
          const expected = new Set<string>()
          for (const one of [...keys].sort(compare)) {
            if (!one.startsWith(prefix)) continue
            const cut = delimiter === '' ? -1 : one.indexOf(delimiter, prefix.length)
            expected.add(cut < 0 ? one : `prefix:${one.slice(0, cut + delimiter.length)}`)
          }
          const found: string[] = []
          let after: string | undefined = ''
          while (after !== undefined) {
            const page = await list.run({ bucket: 'bucket', prefix, delimiter }, after, limit)
            const names = [
              ...page.objects.map((object) => object.key),
              ...page.commonPrefixes.map((common) => `prefix:${common}`),
            ]
            expect(names.length).toBeLessThanOrEqual(limit)
            if (page.next !== undefined) expect(names.length).toBe(limit)
            found.push(...names.sort((a, b) => compare(a.replace('prefix:', ''), b.replace('prefix:', ''))))
            after = page.next
          }
          expect(found).toEqual([...expected])
        },
      ),
      { numRuns: 60 },
    )
  }, 60_000)

  it('of no keys at all, when none are asked for, has no next page', async () => {
    await fill(['a'])
    expect(await new ListObjects(objects).run({ bucket: 'bucket', prefix: '', delimiter: '' }, '', 0)).toEqual({
      objects: [],
      commonPrefixes: [],
      next: undefined,
    })
  })
})

describe('a listing of uploads', () => {
  const begin = (keys: readonly string[]) =>
    platform.sql.run(
      `insert into uploads (id, bucket, key, content_type, headers, created_at)
       select 'id' || n, 'bucket', key, '', '{}', now() from unnest($1::text[]) with ordinality as begun (key, n)`,
      [keys],
    )
  afterEach(() => platform.sql.run('delete from uploads'))

  it('turned page by page is every upload and every common prefix, once and in order', async () => {
    const list = new ListUploads(new PgUploads(platform.sql))
    const key = fc.string({ unit: fc.constantFrom('a', '/', 'é', '\u{10ffff}'), minLength: 1, maxLength: 4 })
    await fc.assert(
      fc.asyncProperty(
        fc.array(key, { maxLength: 12 }),
        fc.constantFrom('', 'a', 'a/', '\u{10ffff}'),
        fc.constantFrom('', '/', 'é', '\u{10ffff}'),
        fc.integer({ min: 1, max: 5 }),
        async (keys, prefix, delimiter, limit) => {
          await platform.sql.run('delete from uploads')
          await begin(keys)
          const expected = keys.flatMap((one, i) => {
            if (!one.startsWith(prefix)) return []
            const cut = delimiter === '' ? -1 : one.indexOf(delimiter, prefix.length)
            return cut < 0 ? `id${i + 1}` : one.slice(0, cut + delimiter.length)
          })
          const found: string[] = []
          let after: UploadMarker | undefined = { key: '', id: '' }
          while (after !== undefined) {
            const page: UploadsPage = await list.run({ bucket: 'bucket', prefix, delimiter }, after, limit)
            const names = [...page.uploads.map(({ id }) => id), ...page.commonPrefixes]
            if (page.next !== undefined) expect(names.length).toBe(limit)
            found.push(...names)
            after = page.next
          }
          expect(found.sort()).toEqual([...new Set(expected)].sort())
        },
      ),
      { numRuns: 60 },
    )
  }, 60_000)

  it('reads what it returns, however many uploads lie in a folder', async () => {
    await begin(Array.from({ length: 500 }, (_, i) => `${i % 20}/${i}`))
    let read = 0
    const counting: Pick<Sql, 'query'> = {
      query: async <R>(text: string, values?: readonly unknown[]) => {
        const rows = await platform.sql.query<R>(text, values)
        read += rows.length
        return rows
      },
    }
    const list = new ListUploads(new PgUploads(counting as Sql))
    const page = await list.run({ bucket: 'bucket', prefix: '', delimiter: '/' }, { key: '', id: '' }, 100)
    expect([page.commonPrefixes.length, read]).toEqual([20, 20])
  })
})

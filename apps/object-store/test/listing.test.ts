import type { Platform } from '@balcao/platform'
import { testPlatform } from '@balcao/testing'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ListObjects } from '../src/application/list-objects.ts'
import { objectStore } from '../src/index.ts'
import { PgObjects } from '../src/infrastructure/pg-objects.ts'

let platform: Platform
let objects: PgObjects
beforeAll(async () => {
  platform = await testPlatform(objectStore)
  objects = new PgObjects(platform.sql)
  await objects.addBucket({ name: 'bucket', createdAt: platform.clock.now() })
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
            const page = await list.run({ bucket: 'bucket', prefix, delimiter, after, limit })
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
    expect(
      await new ListObjects(objects).run({ bucket: 'bucket', prefix: '', delimiter: '', after: '', limit: 0 }),
    ).toEqual({
      objects: [],
      commonPrefixes: [],
      next: undefined,
    })
  })
})

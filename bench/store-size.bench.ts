import { objectStore } from '@balcao/object-store'
import { testPlatform } from '@balcao/testing'
import { it } from 'vitest'
import { record, seconds } from './record.ts'

const OBJECTS = 10_000_000
const RUNS = 5

it('measures what a store of ten million objects costs', async () => {
  const platform = await testPlatform(objectStore)
  const store = await objectStore.open(platform)
  const bucket = platform.config.store.mediaBucket
  const fill = (key: string, count: number) =>
    platform.sql.run(
      `insert into objects (bucket, key, file_id, size, etag, content_type, headers, checksums, created_at)
       select $1, ${key}, md5(${key}), 1, 'etag', 'text/plain', '{}', '{}', now() from generate_series(0, $2::int - 1) n`,
      [bucket, count],
    )
  await fill(`'folder ' || lpad((n / 500)::text, 3, '0') || '/' || lpad((n % 500)::text, 3, '0')`, 300_000)
  await fill(`'other/' || n`, OBJECTS - 300_000)
  await platform.sql.run('analyze objects')

  const list = (prefix: string, delimiter: string) => store.listObjects.run({ bucket, prefix, delimiter }, '', 1000)
  const measure = async (work: () => Promise<unknown>) => {
    await work()
    const runs: number[] = []
    for (let run = 0; run < RUNS; run++) runs.push(1000 * (await seconds(work)))
    return runs
  }
  const how = `${OBJECTS} generated rows in one PostgreSQL; the use case, without HTTP, after one run to warm it up.`
  const result = (claim: string, runs: number[]) => ({ claim, unit: 'ms', runs, goal: undefined, how })
  record('store-size', [
    result('a sweep of the store where nothing is unfinished', await measure(() => store.sweep.run())),
    result('a listing of 600 folders of 500 keys', await measure(() => list('folder ', '/'))),
    result('a flat page of 1000 keys', await measure(() => list('other/', ''))),
    result('a listing of the 100 keys below a prefix', await measure(() => list('folder 000/0', ''))),
  ])
  await store.close()
  await platform.close()
})

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Config } from '@balcao/platform'
import { loadConfig, withGeneratedKeys } from '@balcao/platform/open'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { PARTS } from '../src/services.ts'
import { allowStore, assertInUse, keepToStore } from '../src/store-in-use.ts'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'balcao-store-in-use-'))
})
afterEach(() => rm(dir, { recursive: true }))

const keys = { OBJECT_STORE_ACCESS_KEY_ID: 'a'.repeat(20), OBJECT_STORE_SECRET_ACCESS_KEY: 's'.repeat(40) }
const own = async (env: Record<string, string> = {}): Promise<Config> =>
  loadConfig(await withGeneratedKeys({ DATA_DIR: dir, ...keys, ...env }), PARTS)
const other = (env: Record<string, string> = {}): Promise<Config> =>
  own({ OBJECT_STORE: 's3', OBJECT_STORE_URL: 'http://127.0.0.1:8333', ...env })

it('an installation starts again where its objects are, also at another port', async () => {
  await keepToStore(await own())
  await keepToStore(await own({ OBJECT_STORE_PORT: '4002', OBJECT_STORE_URL: 'http://127.0.0.1:4002' }))
})

it('is refused at a store to which nothing was moved, and says where the objects are', async () => {
  await keepToStore(await other())
  await expect(keepToStore(await own())).rejects.toMatchObject({
    code: 'store/other',
    message: expect.stringContaining('http://127.0.0.1:8333 (balcao-media, video-temp-conversion)'),
  })
  await expect(keepToStore(await other({ MEDIA_BUCKET: 'another-one' }))).rejects.toMatchObject({ code: 'store/other' })
  await keepToStore(await other())
})

it('may go where a move has brought them, and not back by forgetting a variable', async () => {
  await keepToStore(await own())
  await allowStore(await own(), await other())
  await keepToStore(await other())
  await expect(keepToStore(await own())).rejects.toMatchObject({ code: 'store/other' })
})

it('that goes on at the old store after a move has to be moved again', async () => {
  await keepToStore(await own())
  await allowStore(await own(), await other())
  await keepToStore(await own())
  await expect(keepToStore(await other())).rejects.toMatchObject({ code: 'store/other' })
})

it('is refused in buckets that do not have its objects', async () => {
  await keepToStore(await own())
  await expect(keepToStore(await own({ MEDIA_BUCKET: 'another-one' }))).rejects.toMatchObject({ code: 'store/other' })
})

it('says where objects were moved, and moves only from where they are', async () => {
  await keepToStore(await own())
  await assertInUse(await own(), await other())
  await allowStore(await own(), await other())
  expect(await keepToStore(await own())).toContain('move them again')
  await allowStore(await own(), await other())
  expect(await keepToStore(await other())).toBeUndefined()
  await expect(assertInUse(await own(), await other())).rejects.toMatchObject({ code: 'move/done', kind: 'invalid' })
  const third = await other({ OBJECT_STORE_URL: 'http://127.0.0.1:9000' })
  await expect(assertInUse(await own(), third)).rejects.toMatchObject({ code: 'store/other' })
  await assertInUse(await other(), third)
})

import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { S3Objects } from '@balcao/platform/adapters'
import { SMALL_LIMITS } from '@balcao/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { forFile, openWire, type Wire } from './wire.ts'

const film = forFile('film')
let wire: Wire
let dir: string
beforeAll(async () => {
  wire = await openWire()
  dir = await mkdtemp(join(tmpdir(), 'balcao-adapter-'))
})
afterAll(async () => {
  await wire.close()
  await rm(dir, { recursive: true })
})

const newDir = async (name: string) => {
  await mkdir(join(dir, name))
  return join(dir, name)
}
const objectFile = async (key: string) => {
  const row = await wire.platform.sql.first<{ file_id: string }>('select file_id from objects where key = $1', [key])
  return join(wire.platform.config.dataDir, 'objects', row!.file_id.slice(0, 2), row!.file_id)
}

describe('a local copy', () => {
  it('is the very file of the store where the disk is shared, which nobody may write to', async () => {
    await wire.platform.objects.bucket(wire.bucket).put('film', Buffer.from(film), 'video/mp4')
    const copy = await stat(await wire.platform.objects.bucket(wire.bucket).materialise('film', await newDir('shared')))
    expect([copy.ino, copy.mode & 0o777]).toEqual([(await stat(await objectFile('film'))).ino, 0o444])
  })

  it('is downloaded where it is not', async () => {
    const elsewhere = new S3Objects({ ...wire.platform.config, dataDir: join(dir, 'another-machine') })
    const copy = await stat(await elsewhere.bucket(wire.bucket).materialise('film', await newDir('apart')))
    expect([copy.size, copy.nlink, copy.mode & 0o222]).toEqual([film.length, 1, 0])
  })

  it('is downloaded where the bytes lie in a row', async () => {
    const bucket = wire.platform.objects.bucket(wire.bucket)
    await bucket.put('small', Buffer.from('small'), 'video/mp4')
    expect(await readFile(await bucket.materialise('small', await newDir('of-a-row')), 'utf8')).toBe('small')
  })

  it.skipIf(process.platform !== 'linux')(
    'that does not fit on the disk is refused, and nothing is begun',
    async () => {
      await wire.platform.sql.run(`update objects set size = 9e15 where key = 'film'`)
      const elsewhere = new S3Objects({ ...wire.platform.config, dataDir: join(dir, 'another-machine') })
      const job = await newDir('small')
      await expect(elsewhere.bucket(wire.bucket).materialise('film', job)).rejects.toMatchObject({
        code: 'object/does_not_fit',
      })
      expect(await readdir(job)).toEqual([])
    },
  )
})

describe('a file that is too large for one request', () => {
  const MiB = 1024 * 1024

  it('leaves nothing when that fails', async () => {
    const { sql } = wire.platform
    await sql.run(`alter table objects add constraint none_such check (key <> 'gone')`)
    const objects = new S3Objects(wire.platform.config, { ...SMALL_LIMITS, singlePut: 1 })
    await writeFile(join(dir, 'gone'), 'x'.repeat(6 * MiB))
    const putting = objects.bucket(wire.bucket).put('gone', { path: join(dir, 'gone') }, 'video/mp4')
    await expect(putting).rejects.toMatchObject({ name: 'InternalError' })
    expect(await wire.platform.sql.query('select 1 from uploads')).toEqual([])
  })

  it('is copied as it was or as it is where it is replaced meanwhile, and is not there where it goes', async () => {
    const objects = new S3Objects(wire.platform.config, { ...SMALL_LIMITS, singleCopy: 1 })
    const bucket = objects.bucket(wire.bucket)
    const versions = ['a', 'b', 'c'].map((letter) => Buffer.alloc(11 * MiB, letter))
    for (const version of versions) {
      await bucket.put('moving', versions[0]!, 'video/mp4')
      const copying = bucket.copy('moving', bucket, 'moved')
      await bucket.put('moving', version, 'video/mp4')
      await copying
      const copy = Buffer.from(await buffer(await bucket.get('moved')))
      expect(copy.equals(versions[0]!) || copy.equals(version)).toBe(true)
    }
    const copying = bucket.copy('moving', bucket, 'moved').then(
      () => 'copied',
      ({ code }) => code,
    )
    await bucket.delete('moving')
    expect(['copied', 'object/not_found']).toContain(await copying)
    expect(await wire.platform.sql.query('select 1 from uploads')).toEqual([])
  })
})

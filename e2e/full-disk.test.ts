import { mkdir, mkdtemp, rm, statfs, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { authRoutes, videoRoutes } from '@balcao/contracts'
import { until } from '@balcao/testing'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { call, Refused } from './support/api.ts'
import { playThrough } from './support/api-journey.ts'
import { Balcao, startBalcao } from './support/balcao.ts'
import { Clips } from './support/media.ts'
import { onFailure } from './support/on-failure.ts'
import { Person } from './support/person.ts'

/** Below a twentieth of it, which is left to the database, and not nothing. */
const WITHIN_RESERVE = 12e6

let clips: Clips
let disk: string
let balcao: Balcao
let ana: Person
let film: string
let postgres: number | undefined
onFailure(() => ({ balcao }))

beforeAll(async () => {
  const small = process.env.PEER_SMALL_DISK
  if (!small) throw new Error('PEER_SMALL_DISK is not set: it names a folder on a small disk. .ci/run mounts one.')
  clips = await Clips.open()
  disk = await mkdtemp(join(small, 'full-'))
  balcao = await startBalcao({ dataDir: join(disk, 'data') })
  ana = await Person.signUp(balcao.url)
  film = (await ana.upload(clips.small)).id
  await ana.processed(film)
  postgres = await balcao.find('postgres')
})
afterEach(() => rm(join(disk, 'filling'), { force: true }))
afterAll(async () => {
  await balcao?.remove()
  await clips?.remove()
  await rm(disk, { recursive: true, force: true })
})

/** Something else takes the small disk. @param but bytes that it leaves */
async function fill(but: number): Promise<void> {
  const { bavail, bsize } = await statfs(disk)
  expect(bavail * bsize, 'bytes free on PEER_SMALL_DISK').toBeLessThan(1e9)
  await writeFile(join(disk, 'filling'), Buffer.alloc(Math.max(0, bavail * bsize - but)))
}

/** What is there can be seen and taken away. */
async function expectReadable(): Promise<void> {
  expect((await ana.videos()).map(({ id }) => id)).toContain(film)
  await playThrough(ana, film)
  const { url } = await call(balcao.url, videoRoutes.download, { token: ana.token, params: { id: film } })
  expect((await fetch(url)).status).toBe(200)
  expect((await fetch(balcao.url)).status).toBe(200)
}

describe('on a disk that only the database may still write to', () => {
  it('everything is answered, an upload is refused with how much is missing, and a film waits', async () => {
    const sent = await ana.startUpload('espera.mp4', clips.sizeOf(clips.small))
    await ana.sendParts(sent, clips.small)
    await fill(WITHIN_RESERVE)

    await ana.complete(sent)
    const waiting = await until(async () => {
      const video = await ana.video(sent.videoId)
      return video.problem !== null && video
    }, 60)
    expect(waiting).toMatchObject({ state: 'queued', problem: { code: 'video/disk_full' } })
    expect(waiting.problem!.missing).toBeGreaterThan(1e6)
    const refused = await ana.startUpload('não cabe.mp4', 5e9).catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(Refused)
    expect((refused as Refused).problem).toMatchObject({
      code: 'upload/no_room',
      details: { missing: expect.any(Number) },
    })
    await expectReadable()
    await ana.signIn()
    const bia = await Person.signUp(balcao.url)
    expect(await bia.videos()).toEqual([])

    await rm(join(disk, 'filling'))
    await ana.processed(sent.videoId)
    expect(await balcao.find('postgres')).toBe(postgres)
  })
})

describe('on a disk without a single byte', () => {
  it('what is there can still be read, and all goes on by itself when there is room', async () => {
    await fill(0)
    await expectReadable()
    const { email, password } = ana.particulars
    const signIn = await call(balcao.url, authRoutes.login, { body: { username: email, password } }).catch(
      (error: unknown) => error,
    )
    if (signIn instanceof Refused) expect(signIn.status).toBe(503)
    await expectReadable()

    await rm(join(disk, 'filling'))
    await balcao.ready()
    await ana.signIn()
    await ana.processed((await ana.upload(clips.small)).id)
    expect(await balcao.find('postgres')).toBe(postgres)
  })
})

describe('with a disk of its own for the database, which is full', () => {
  it('nothing is stored, though there is room for its bytes', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'balcao-two-disks-'))
    await mkdir(join(disk, 'postgres'), { mode: 0o700 })
    await symlink(join(disk, 'postgres'), join(dataDir, 'postgres'))
    const other = await startBalcao({ dataDir })
    try {
      const bia = await Person.signUp(other.url)
      const begun = await bia.startUpload('curto.mp4', clips.sizeOf(clips.small))
      await fill(WITHIN_RESERVE)
      await expect(bia.startUpload('curto.mp4', 1)).rejects.toMatchObject({ problem: { code: 'upload/no_room' } })
      await expect(bia.sendParts(begun, clips.small)).rejects.toThrow('507')
      await rm(join(disk, 'filling'))
      await bia.sendParts(begun, clips.small)
      await bia.processed((await bia.complete(begun)).id)
    } finally {
      await other.remove()
    }
  })
})

describe('a start on a full disk', () => {
  it('says so, before there is a database and after, and leaves nothing running', async () => {
    const small = await Balcao.prepare({ dataDir: join(disk, 'start') })
    const expectSentence = async () => {
      expect(await small.launch(), small.output).not.toBe(0)
      expect(small.output).toMatch(/disk is full.*Free some space/is)
      expect(small.output).not.toMatch(/^\s+at /m)
      expect(await small.processes()).toEqual([])
      await rm(join(disk, 'filling'))
    }
    try {
      await fill(8e6)
      await expectSentence()
      await small.start()
      await small.stop()
      await fill(0)
      await expectSentence()
      await small.start()
    } finally {
      await small.remove()
    }
  })
})

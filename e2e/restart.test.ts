import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { until } from '@balcao/testing'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { playThrough } from './support/api-journey.ts'
import { Balcao, startBalcao } from './support/balcao.ts'
import { Clips } from './support/media.ts'
import { onFailure } from './support/on-failure.ts'
import { Person } from './support/person.ts'

let clips: Clips
beforeAll(async () => {
  clips = await Clips.open()
})
afterAll(() => clips?.remove())

describe('an installation that is stopped in the middle of things', () => {
  let balcao: Balcao
  onFailure(() => ({ balcao }))
  afterEach(() => balcao?.remove())

  it.each([
    ['by Ctrl-C', async () => expect(await balcao.stop()).toBe(0)],
    ['by kill -9 of the launcher', () => balcao.killLauncher()],
  ])('FX-7: %s: the upload goes on from its parts, the job is done again, nothing is lost', async (_, stop) => {
    balcao = await startBalcao()
    const ana = await Person.signUp(balcao.url)
    const before = (await ana.upload(clips.small)).id
    await ana.processed(before)
    const halfSent = await ana.startUpload('grande.mkv', clips.sizeOf(clips.large))
    expect(halfSent.partCount).toBeGreaterThan(2)
    await ana.sendParts(halfSent, clips.large, [1, 2])
    const halfDone = (await ana.upload(clips.long)).id
    await until(async () => (await ana.video(halfDone)).percent > 5, 60)

    await stop()
    expect(await balcao.processes()).toEqual([])
    await balcao.start()

    expect(await ana.storedParts(halfSent)).toEqual([1, 2])
    expect((await ana.openUploads()).map(({ videoId }) => videoId)).toEqual([halfSent.videoId])
    const rest = Array.from({ length: halfSent.partCount - 2 }, (_, i) => i + 3)
    await ana.sendParts(halfSent, clips.large, rest)
    await ana.complete(halfSent)
    await ana.signIn()
    for (const id of [before, halfDone, halfSent.videoId]) {
      await ana.processed(id)
      await playThrough(ana, id)
    }
    expect(await ana.videos()).toHaveLength(3)
  })
})

describe('an installation whose launcher is killed while it starts', () => {
  it('leaves nothing running', async () => {
    const balcao = await Balcao.prepare()
    try {
      void balcao.launch()
      await until(() => balcao.find('http'), 60)
      await balcao.killLauncher()
    } finally {
      await balcao.remove()
    }
  })
})

describe('a running installation', () => {
  let balcao: Balcao
  let ana: Person
  onFailure(() => ({ balcao }))
  beforeAll(async () => {
    balcao = await startBalcao()
    ana = await Person.signUp(balcao.url)
  })
  afterAll(() => balcao?.remove())

  it.each(['user-pool', 'object-store', 'worker', 'http', 'postgres'])(
    'brings %s back after kill -9, and goes on working',
    async (name) => {
      await balcao.kill(name)
      const { id } = await until(() => ana.upload(clips.small), 60)
      await ana.processed(id)
      await playThrough(ana, id)
    },
  )

  it('tries to start its database until it can', async () => {
    const control = join(balcao.dataDir, 'postgres', 'global', 'pg_control')
    await rename(control, `${control}.away`)
    process.kill((await balcao.find('postgres'))!, 'SIGKILL')
    await until(() => /The database cannot start/.test(balcao.output))
    await rename(`${control}.away`, control)
    await balcao.ready()
    await ana.videos()
  })

  it('refuses a second one on its data directory, and is not disturbed by it', async () => {
    const second = await Balcao.prepare({ dataDir: balcao.dataDir })
    expect(await second.launch()).toBe(1)
    expect(second.output).toContain(`Another Balcão is running on ${balcao.dataDir}. Stop it first`)
    await balcao.ready()
    await ana.videos()
  })
})

describe('a start that cannot succeed', () => {
  let balcao: Balcao
  let undo: (() => Promise<unknown> | unknown)[] = []
  afterEach(async () => {
    await balcao?.remove()
    for (const step of undo.reverse()) await step()
    undo = []
  })

  /** It ends by itself, with a sentence and no stack, and leaves nothing running. */
  async function expectSentence(sentence: RegExp): Promise<void> {
    expect(await balcao.launch(), balcao.output).not.toBe(0)
    expect(balcao.output).toMatch(sentence)
    expect(balcao.output).not.toMatch(/^\s+at /m)
    expect(await balcao.processes()).toEqual([])
  }

  it.each(['http', 'userPool', 'objectStore'] as const)('says which port is taken (%s)', async (name) => {
    balcao = await Balcao.prepare()
    const squatter = createServer().listen(balcao.ports[name], '127.0.0.1')
    undo.push(() => squatter.close())
    await expectSentence(new RegExp(`Port ${balcao.ports[name]} is taken\\. Stop what uses it, or choose another`))
  })

  it('says what a database that cannot start wrote, and how to use another', async () => {
    balcao = await startBalcao()
    await balcao.stop()
    await writeFile(join(balcao.dataDir, 'postgres', 'global', 'pg_control'), 'not a control file')
    await expectSentence(/DATABASE_URL/)
  })

  it('says that DATA_DIR is a file', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'balcao-file-'))
    undo.push(() => rm(dir, { recursive: true, force: true }))
    await writeFile(join(dir, 'data'), '')
    balcao = await Balcao.prepare({ dataDir: join(dir, 'data') })
    await expectSentence(/a file on the way to .* where a folder must be\. Set DATA_DIR to a folder/)
  })

  it('says which address is missing when it is opened to others', async () => {
    balcao = await Balcao.prepare({ env: { HOST: '0.0.0.0' } })
    await expectSentence(/set PUBLIC_URL, USER_POOL_URL, OBJECT_STORE_URL/)
  })
})

describe('a data directory below a long path', () => {
  it('is used like any other', async () => {
    const top = await mkdtemp(join(tmpdir(), 'balcao-long-'))
    const dataDir = join(top, ...Array.from({ length: 5 }, () => 'uma pasta com um nome bem comprido e acentuação'))
    await mkdir(dataDir, { recursive: true })
    const balcao = await startBalcao({ dataDir })
    try {
      const ana = await Person.signUp(balcao.url)
      await ana.processed((await ana.upload(clips.small)).id)
    } finally {
      await balcao.remove()
      await rm(top, { recursive: true, force: true })
    }
  })
})

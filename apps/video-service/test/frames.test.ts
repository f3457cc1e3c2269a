import { createHash } from 'node:crypto'

import { ManualClock } from '@balcao/kernel'
import { objectStore } from '@balcao/object-store'
import { Superseded } from '@balcao/platform'
import { until } from '@balcao/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FramesJobs } from '../src/application/frames/frames-jobs.ts'
import { MAX_KEPT_REQUESTS, MAX_OPEN_REQUESTS } from '../src/domain/frames.ts'
import { LEASE_SECONDS, MAX_DEATHS } from '../src/domain/job.ts'
import { openClips } from './clips.ts'
import { type House, openHouse, processAll, uploadFile } from './support.ts'

const DAY = 86_400
const clock = new ManualClock()
const forever = new AbortController().signal
let house: House
let ana: ReturnType<House['as']>
let clips: Awaited<ReturnType<typeof openClips>>
/** A film of four seconds that is ready, its original archived. */
let film: string
let sound: string

beforeAll(async () => {
  house = await openHouse({ clock, store: objectStore })
  ana = house.as('ana')
  clips = await openClips()
  film = await ready(await clips.film('film.mkv', ['-c:v', 'mpeg4', '-c:a', 'ac3'], { seconds: 4 }))
  sound = await ready(await clips.film('sound.m4a', ['-vn', '-c:a', 'aac'], { seconds: 1 }))
})
afterAll(async () => {
  await house?.close()
  await clips?.remove()
})

async function ready(path: string): Promise<string> {
  const { id, jobId } = await uploadFile(house, 'ana', path)
  await processAll(house.video.processVideo, jobId, forever)
  await house.video.tidyVideo.run(jobId)
  expect((await ana('GET', `/videos/${id}`)).body.state).toBe('ready')
  return id
}

const ask = async (body: object, id = film) => ana('POST', `/videos/${id}/frames`, body)
const make = (framesId: string, signal = forever) => house.video.makeFrames.run(framesId, signal)
const list = async (id = film) => (await ana('GET', `/videos/${id}/frames`)).body.items
const one = async (framesId: string) => (await list()).find(({ id }: { id: string }) => id === framesId)
const path = (framesId: string, rest = '') => `/videos/${film}/frames/${framesId}${rest}`
const stored = async (prefix: string) => {
  const keys: string[] = []
  for await (const { key } of house.need.media.list(prefix)) keys.push(key)
  return keys
}
/** Names of a ZIP's entries (PKWARE APPNOTE §4.3.12). */
const entriesOf = (zip: Buffer) => {
  const names: string[] = []
  for (let at = zip.indexOf('PK\x01\x02', 0, 'latin1'); at >= 0; at = zip.indexOf('PK\x01\x02', at + 4, 'latin1')) {
    names.push(zip.toString('utf8', at + 46, at + 46 + zip.readUInt16LE(at + 28)))
  }
  return names
}
const download = async (framesId: string) => {
  const { body } = await ana('GET', path(framesId, '/download'))
  const answer = await fetch(body.url)
  return { body, answer, bytes: Buffer.from(await answer.arrayBuffer()) }
}

describe('images of a video', () => {
  it('FX-1: come as a ZIP with an image every so many seconds, by a signed URL, with size and checksum', async () => {
    const asked = await ask({ everySeconds: 1 })
    expect([asked.status, asked.body]).toEqual([
      202,
      expect.objectContaining({
        videoId: film,
        state: 'waiting',
        everySeconds: 1,
        count: null,
        percent: 0,
        images: null,
      }),
    ])
    await make(asked.body.id)
    const done = await one(asked.body.id)
    expect(done).toMatchObject({ state: 'done', percent: 100, images: 4, problem: null })
    const { body, answer, bytes } = await download(asked.body.id)
    expect(body.fileName).toBe('férias.zip')
    expect(answer.headers.get('content-type')).toBe('application/zip')
    expect([bytes.length, createHash('sha256').update(bytes).digest('hex')]).toEqual([done.size, done.sha256])
    expect(entriesOf(bytes)).toEqual([
      '00001_00h00m00.0s.jpg',
      '00002_00h00m01.0s.jpg',
      '00003_00h00m02.0s.jpg',
      '00004_00h00m03.0s.jpg',
    ])
    // The images are pictures, and not all the same one.
    const start = bytes.indexOf(Buffer.from([0xff, 0xd8, 0xff]))
    expect(start).toBeGreaterThan(0)
  })

  it('are as many as were asked for, spread over the film', async () => {
    const { body } = await ask({ count: 8 })
    await make(body.id)
    expect(await one(body.id)).toMatchObject({ state: 'done', count: 8, everySeconds: null, images: 8 })
    expect(entriesOf((await download(body.id)).bytes)[1]).toBe('00002_00h00m00.5s.jpg')
  })

  it('are made of the best that is left where the original is gone', async () => {
    await house.platform.sql.run('update jobs set archive_key = null where video_id = $1', [film])
    expect(await house.need.frames.source(film)).toMatchObject({ key: expect.stringMatching(/video\.mp4$/) })
    const { body } = await ask({ count: 2 })
    await make(body.id)
    expect(await one(body.id)).toMatchObject({ state: 'done', images: 2 })
  })

  it.each([
    [{ everySeconds: 0.05 }, 400, 'request/invalid'],
    [{ everySeconds: 61 }, 400, 'request/invalid'],
    [{ count: 1001 }, 400, 'request/invalid'],
    [{ count: 0 }, 400, 'request/invalid'],
    [{ count: 2, everySeconds: 2 }, 400, 'request/invalid'],
    [{}, 400, 'request/invalid'],
  ])('asked for by %o are refused', async (body, status, code) => {
    const answer = await ask(body)
    expect([answer.status, answer.body.code]).toEqual([status, code])
  })

  it('are at most a thousand', async () => {
    await house.platform.sql.run('update videos set duration = 3600 where id = $1', [film])
    const answer = await ask({ everySeconds: 1 })
    expect([answer.status, answer.body]).toEqual([
      400,
      expect.objectContaining({
        code: 'frames/too_many',
        details: { field: 'everySeconds', images: 3600, most: 1000 },
      }),
    ])
    await house.platform.sql.run('update videos set duration = 4 where id = $1', [film])
  })

  it('D3-23: are of a picture, of a video that is ready, and of no other person', async () => {
    expect((await ask({ count: 1 }, sound)).body.code).toBe('frames/no_picture')
    const { body } = await ana('POST', '/videos/uploads', { fileName: 'a.mp4', size: 5 })
    expect((await ask({ count: 1 }, body.videoId)).body.code).toBe('frames/not_ready')
    const { body: mine } = await ask({ count: 1 })
    const bia = house.as('bia')
    for (const [method, where] of [
      ['POST', `/videos/${film}/frames`],
      ['GET', `/videos/${film}/frames`],
      ['GET', path(mine.id, '/download')],
      ['POST', path(mine.id, '/retry')],
      ['DELETE', path(mine.id)],
    ] as const) {
      const answer = await bia(method, where, method === 'POST' && where.endsWith('frames') ? { count: 1 } : undefined)
      expect([method, where.split('/').at(-1), answer.status]).toEqual([method, where.split('/').at(-1), 404])
    }
    expect((await ana('GET', `/videos/${sound}/frames/${mine.id}/download`)).status).toBe(404)
    await ana('DELETE', path(mine.id))
    await ana('DELETE', path(mine.id))
  })

  it('are a few requests at a time, however many ask at once', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => ask({ count: 1 })))
    expect(answers.map(({ status }) => status).sort()).toEqual([
      ...Array.from({ length: MAX_OPEN_REQUESTS }, () => 202),
      ...Array.from({ length: 8 - MAX_OPEN_REQUESTS }, () => 429),
    ])
    for (const { body } of answers.filter(({ status }) => status === 202)) await make(body.id)
  })

  it('are a few at a time over all videos of a person, also those asked for again', async () => {
    const second = sound
    await house.platform.sql.run('update videos set width = 2 where id = $1', [second])
    const cancelled = await ask({ count: 1 })
    await ana('DELETE', path(cancelled.body.id))
    const answers = await Promise.all([
      ...Array.from({ length: 4 }, () => ask({ count: 1 })),
      ...Array.from({ length: 4 }, () => ask({ count: 1 }, second)),
    ])
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(MAX_OPEN_REQUESTS)
    expect((await ana('POST', path(cancelled.body.id, '/retry'))).body.code).toBe('frames/too_many_waiting')
    expect(await one(cancelled.body.id)).toMatchObject({ state: 'cancelled' })
    await house.platform.sql.run('update videos set width = null where id = $1', [second])
    for (const { body } of answers.filter(({ status }) => status === 202)) await make(body.id)
  })

  it('are kept for a number of requests, and of ended ones for some days', async () => {
    const before = (await list()).length
    const ids = []
    for (let kept = before; kept < MAX_KEPT_REQUESTS; kept++) {
      const { body } = await ask({ count: 1 })
      await ana('DELETE', path(body.id))
      ids.push(body.id)
    }
    expect((await ask({ count: 1 })).body.code).toBe('frames/too_many_kept')
    clock.advance(7 * DAY)
    await house.video.sweepFrames.run()
    expect(await list()).toEqual([])
    expect((await ask({ count: 1 })).status).toBe(202)
    for (const { id } of await list()) await make(id)
  })
})

describe('a request for images', () => {
  it('that is cancelled is not made, and is made again when its owner asks', async () => {
    const { body } = await ask({ count: 1 })
    expect((await ana('GET', path(body.id, '/download'))).body.code).toBe('frames/not_done')
    expect((await ana('DELETE', path(body.id))).status).toBe(204)
    await make(body.id)
    expect(await one(body.id)).toMatchObject({ state: 'cancelled', images: null })
    const again = await ana('POST', path(body.id, '/retry'))
    expect([again.status, again.body.state]).toEqual([202, 'waiting'])
    expect((await ana('POST', path(body.id, '/retry'))).body.code).toBe('frames/wrong_state')
    await make(body.id)
    expect(await one(body.id)).toMatchObject({ state: 'done', images: 1 })
  })

  it('that is cancelled while it runs leaves nothing behind', async () => {
    const { body } = await ask({ count: 1 })
    const jobs = new FramesJobs(house.need)
    const job = (await jobs.claim(body.id))!
    await ana('DELETE', path(body.id))
    const zip = { key: 'x', images: 1, size: 1, sha256: 'x', expiresAt: clock.now() }
    await expect(jobs.finish(job, zip)).rejects.toThrow(Superseded)
    expect(await one(body.id)).toMatchObject({ state: 'cancelled' })
    await ana('DELETE', path(body.id))
    expect(await one(body.id)).toBeUndefined()
  })

  it('that is done can be removed, and its ZIP goes with it', async () => {
    const { body } = await ask({ count: 1 })
    await make(body.id)
    expect(await stored(`output/ana/${body.id}/`)).toEqual([`output/ana/${body.id}/1/frames.zip`])
    await ana('DELETE', path(body.id))
    expect([await one(body.id), await stored(`output/ana/${body.id}/`)]).toEqual([undefined, []])
  })

  it('goes by itself after its days, and cannot be downloaded from then on', async () => {
    const { body } = await ask({ count: 1 })
    await make(body.id)
    expect((await one(body.id)).expiresAt).toBe(new Date(clock.now().getTime() + 7 * DAY * 1000).toISOString())
    clock.advance(7 * DAY)
    expect((await ana('GET', path(body.id, '/download'))).status).toBe(404)
    await house.video.sweepFrames.run()
    expect([await one(body.id), await stored(`output/ana/${body.id}/`)]).toEqual([undefined, []])
  })

  it('whose worker died is taken back, and given up when it kills every worker', async () => {
    const { body } = await ask({ count: 1 })
    const jobs = new FramesJobs(house.need)
    await jobs.claim(body.id)
    clock.advance(LEASE_SECONDS + 1)
    await house.video.sweepFrames.run()
    expect(await one(body.id)).toMatchObject({ state: 'waiting' })
    await house.platform.sql.run('update frames set deaths = $2 where id = $1', [body.id, MAX_DEATHS - 1])
    await jobs.claim(body.id)
    clock.advance(LEASE_SECONDS + 1)
    await house.video.sweepFrames.run()
    expect(await one(body.id)).toMatchObject({ state: 'failed', problem: { code: 'video/gave_up' } })
  })

  it('is handed back when its worker must stop, which counts as no failure', async () => {
    const { body } = await ask({ count: 1 })
    const stop = new AbortController()
    stop.abort(new Error('shutting down'))
    await make(body.id, stop.signal)
    expect(await one(body.id)).toMatchObject({ state: 'waiting', problem: null })
    await make(body.id)
    expect(await one(body.id)).toMatchObject({ state: 'done' })
  })

  it('FX-6: tells the end of it to whoever sends mail, once', async () => {
    const { body } = await ask({ count: 1 })
    await make(body.id)
    await make(body.id)
    const rows = await house.platform.sql.query<{ payload: object }>(
      `select payload from outbox where topic = 'video.frames-ended' and payload->>'framesId' = $1`,
      [body.id],
    )
    expect(rows.map(({ payload }) => payload)).toEqual([
      {
        framesId: body.id,
        videoId: film,
        owner: 'ana',
        result: 'done',
        images: 1,
        expiresAt: expect.any(String),
      },
    ])
  })

  it('is seen live by its owner', async () => {
    const seen: string[] = []
    const listening = await house.platform.sql.listen('live', (payload) => seen.push(payload))
    const { body } = await ask({ count: 1 })
    await make(body.id)
    await until(() => seen.filter((payload) => payload === `ana frames ${film}`).length >= 3)
    await listening.close()
  })
})

it('a video erased from the trash takes its ZIPs with it', async () => {
  const { body } = await ask({ count: 1 })
  await make(body.id)
  await ana('DELETE', `/videos/${film}`)
  expect((await ana('GET', path(body.id, '/download'))).body.code).toBe('video/in_trash')
  clock.advance(31 * DAY)
  await house.video.sweepTrash.run()
  expect(await stored(`output/ana/${body.id}/`)).toEqual([])
})

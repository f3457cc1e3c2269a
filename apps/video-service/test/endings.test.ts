import { ManualClock } from '@balcao/kernel'
import { objectStore } from '@balcao/object-store'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FramesJobs } from '../src/application/frames/frames-jobs.ts'
import { framesPrefix } from '../src/application/ports/frames.ts'
import { type FilmAttempt, outputPrefix } from '../src/application/ports/jobs.ts'
import { FilmJobs } from '../src/application/processing/film-jobs.ts'
import { LEASE_SECONDS } from '../src/domain/job.ts'
import { rejections } from '../src/domain/media/rejections.ts'
import { outputsOf } from '../src/domain/video.ts'
import { filmOf, type House, openHouse, processed, queuedVideo } from './support.ts'

const clock = new ManualClock()
let house: House
let ana: ReturnType<House['as']>
let filmJobs: FilmJobs
let framesJobs: FramesJobs
beforeAll(async () => {
  house = await openHouse({ clock, store: objectStore })
  ana = house.as('ana')
  filmJobs = new FilmJobs(house.need)
  framesJobs = new FramesJobs(house.need)
})
afterAll(() => house?.close())

const problem = { code: 'video/ffmpeg_failed', message: 'O vídeo não pôde ser convertido.' }
const bytes = Buffer.from('bytes')

/** What lies in the store below a prefix. */
async function objects(prefix: string): Promise<string[]> {
  const keys: string[] = []
  for await (const { key } of house.need.media.list(prefix)) keys.push(key.slice(prefix.length))
  return keys
}

/** A minute of a worker's life: what it does over and over. */
async function aMinute(): Promise<void> {
  for (let seconds = 0; seconds < 60; seconds += 10) {
    clock.advance(10)
    await house.video.sweepJobs.run()
    await house.video.sweepFrames.run()
    await house.video.sweepAttempts.run()
  }
}

/** What an attempt leaves in the store: what it recorded, and what it had no time to record. */
async function written(attempt: FilmAttempt): Promise<void> {
  for (const name of ['init_720.mp4', '720_0.m4s', 'audio_0.m4s', '720_1.m4s', 'poster.jpg', 'video.mp4'])
    await house.need.media.put(`${outputPrefix(attempt)}${name}`, bytes, 'video/mp4')
}

interface Begun {
  readonly id: string
  readonly jobId: string
  readonly attempt: FilmAttempt
}

/** A film that is being made. @param shown whether it can be watched already */
async function begun(shown: boolean): Promise<Begun> {
  const { id, jobId } = await queuedVideo(house, 'ana')
  const attempt = shown ? (await processed(house, jobId, 'live')).attempt : (await filmJobs.claim(jobId))!
  await written(attempt)
  return { id, jobId, attempt }
}

/** The next attempt makes the film. */
async function madeBy(attempt: FilmAttempt | undefined): Promise<void> {
  await written(attempt!)
  await filmJobs.finish(attempt!, filmOf(attempt!))
}
const nextOf = async ({ jobId }: Begun) => madeBy(await filmJobs.claim(jobId))
const waited = () => clock.advance(60)

type Ending = (film: Begun) => Promise<unknown>
const toNothing: [string, Ending][] = [
  ['that failed for good', ({ attempt }) => filmJobs.giveUp(attempt, problem)],
  ['that was refused', ({ attempt }) => filmJobs.reject(attempt, rejections.notMedia)],
  ['that its owner deleted', ({ id }) => ana('DELETE', `/videos/${id}`)],
  [
    'whose workers died too often',
    async ({ jobId }) => {
      await house.platform.sql.run('update jobs set deaths = 99 where id = $1', [jobId])
      clock.advance(LEASE_SECONDS + 1)
    },
  ],
]
const toAFilm: [string, Ending][] = [
  [
    'that its owner deleted and took back',
    async (film) => {
      await ana('DELETE', `/videos/${film.id}`)
      await ana('POST', `/videos/${film.id}/restore`)
      await nextOf(film)
    },
  ],
  [
    'that failed and was asked for again',
    async (film) => {
      await filmJobs.giveUp(film.attempt, problem)
      expect((await ana('POST', `/videos/${film.id}/retry`)).status).toBe(202)
      await nextOf(film)
    },
  ],
  [
    'that was made in the second way',
    async (film) => {
      await filmJobs.goAnotherWay(film.attempt, 'encode')
      await madeBy(await filmJobs.claimNext('encode'))
    },
  ],
  [
    'whose worker lost its lease',
    async (film) => {
      clock.advance(LEASE_SECONDS + 1)
      await nextOf(film)
    },
  ],
  [
    'that stumbled',
    async (film) => {
      await filmJobs.handBack(film.attempt, problem, true)
      waited()
      await nextOf(film)
    },
  ],
  [
    'that waited for room',
    async (film) => {
      await filmJobs.handBack(film.attempt, { ...problem, code: 'video/disk_full' }, false)
      waited()
      await nextOf(film)
    },
  ],
  [
    'whose worker stopped',
    async (film) => {
      await filmJobs.handBack(film.attempt, undefined, false)
      await nextOf(film)
    },
  ],
]

describe.each([
  ['before anybody could watch it', false],
  ['while it could be watched', true],
])('%s, of an attempt', (_, shown) => {
  it.each(toNothing)('%s nothing is left after a minute', async (_name, end) => {
    const film = await begun(shown)
    await end(film)
    await aMinute()
    expect(await objects(outputsOf({ owner: 'ana', jobId: film.jobId }))).toEqual([])
  })

  it.each(toAFilm)('%s nothing is left after a minute but the film', async (_name, end) => {
    const film = await begun(shown)
    await end(film)
    // A worker that was overtaken and has not heard of it yet.
    clock.advance(5)
    await house.need.media.put(`${outputPrefix(film.attempt)}720_2.m4s`, bytes, 'video/mp4')
    await aMinute()
    const left = await objects(outputsOf({ owner: 'ana', jobId: film.jobId }))
    expect(left.length).toBeGreaterThan(0)
    expect(left.filter((key) => key.startsWith(`${film.attempt.number}/`))).toEqual([])
    expect((await ana('GET', `/videos/${film.id}`)).body.state).toBe('ready')
  })
})

describe('of a request for images', () => {
  async function request() {
    const { id, jobId } = await queuedVideo(house, 'ana')
    await processed(house, jobId, 'ready')
    const { body } = await ana('POST', `/videos/${id}/frames`, { count: 1 })
    const attempt = (await framesJobs.claim(body.id))!
    const prefix = framesPrefix({ owner: 'ana', id: body.id })
    const zip = (number: number) => `${prefix}${number}/frames.zip`
    // Its worker had put the ZIP there, and told nobody.
    await house.need.media.put(zip(attempt.number), bytes, 'application/zip')
    return { id, framesId: body.id as string, attempt, prefix, zip }
  }

  type Asked = Awaited<ReturnType<typeof request>>

  it.each([
    ['that failed', ({ attempt }) => framesJobs.giveUp(attempt, problem)],
    ['that was cancelled', ({ id, framesId }) => ana('DELETE', `/videos/${id}/frames/${framesId}`)],
    [
      'that was cancelled and removed',
      async ({ id, framesId }) => {
        await ana('DELETE', `/videos/${id}/frames/${framesId}`)
        await ana('DELETE', `/videos/${id}/frames/${framesId}`)
      },
    ],
  ] as [string, (asked: Asked) => Promise<unknown>][])('%s nothing is left after a minute', async (_name, end) => {
    const asked = await request()
    await end(asked)
    await aMinute()
    expect(await objects(asked.prefix)).toEqual([])
  })

  it('whose worker lost its lease nothing is left after a minute but the ZIP', async () => {
    const { framesId, prefix, zip } = await request()
    clock.advance(LEASE_SECONDS + 1)
    const next = (await framesJobs.claim(framesId))!
    await house.need.media.put(zip(next.number), bytes, 'application/zip')
    const expiresAt = new Date(clock.now().getTime() + 86_400_000)
    await framesJobs.finish(next, { key: zip(next.number), images: 1, size: 5, sha256: '00', expiresAt })
    await aMinute()
    expect(await objects(prefix)).toEqual([`${next.number}/frames.zip`])
  })
})

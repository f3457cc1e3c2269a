import { ManualClock } from '@balcao/kernel'
import { objectStore } from '@balcao/object-store'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { outputPrefix } from '../src/application/ports/jobs.ts'
import { FilmJobs } from '../src/application/processing/film-jobs.ts'
import { type House, openHouse, processed, queuedVideo } from './support.ts'

const clock = new ManualClock()
/** Seconds after which nobody can be watching a film of a few seconds any more. */
const ALL_GONE = 7 * 3600
/** Seconds after which a worker counts as dead. */
const DEAD = 61
let house: House
beforeAll(async () => {
  house = await openHouse({ clock, store: objectStore })
})
afterAll(() => house.close())

const play = async (id: string): Promise<string> => (await house.as('ana')('GET', `/videos/${id}/playback`)).body.url
const playlist = async (url: string) => {
  const { status, text, body } = await house.as('')('GET', url.replace('master', '720'))
  return { status, text, code: body?.code }
}
const media = () => house.platform.objects.bucket(house.platform.config.store.mediaBucket)
/** What lies in the store of an attempt. */
const objects = async (attempt: Parameters<typeof outputPrefix>[0]) => {
  const keys: string[] = []
  for await (const { key } of media().list(outputPrefix(attempt))) keys.push(key)
  return keys
}
/** Somebody watches the first attempt at a film, which goes on until its worker dies. */
async function watched() {
  const { id, jobId } = await queuedVideo(house, 'ana')
  const { attempt, filmJobs, publish } = await processed(house, jobId, 'live')
  await media().put(`${outputPrefix(attempt)}720/0.m4s`, Buffer.from('segment'), 'video/iso.segment')
  return { id, jobId, attempt, filmJobs, publish, url: await play(id) }
}
/** Once nobody writes to what was superseded any more. */
const sweep = () => {
  clock.advance(31)
  return house.video.sweepAttempts.run()
}

describe('whoever watches a film while it is made', () => {
  it('goes on when its worker dies, and another one begins anew', async () => {
    const { jobId, attempt, url } = await watched()
    const before = await playlist(url)
    clock.advance(DEAD)
    await new FilmJobs(house.need).claim(jobId)
    await sweep()
    expect(await playlist(url)).toEqual(before)
    expect(await objects(attempt)).toHaveLength(1)
  })

  it('is sent to the next attempt once that can be watched, and loses nothing of this one', async () => {
    const { id, jobId, attempt, url } = await watched()
    clock.advance(DEAD)
    await processed(house, jobId, 'live')
    expect(await playlist(url)).toMatchObject({ status: 404, code: 'playback/superseded' })
    expect((await playlist(await play(id))).status).toBe(200)
    await sweep()
    // What is in its player's buffer, or on the way there.
    expect(await objects(attempt)).toHaveLength(1)
    clock.advance(ALL_GONE)
    await sweep()
    expect(await objects(attempt)).toEqual([])
    const rows = await house.platform.sql.query('select distinct attempt from segments where video_id = $1', [id])
    expect(rows).toEqual([{ attempt: 2 }])
  })

  it('goes on to the end of what there is when the film fails for good', async () => {
    const { id, attempt, filmJobs, url } = await watched()
    await filmJobs.giveUp(attempt, { code: 'video/verification_failed', message: 'Faltou uma das saídas.' })
    await sweep()
    expect((await playlist(url)).text).toContain('#EXT-X-ENDLIST')
    expect(await objects(attempt)).toHaveLength(1)
    const again = await house.as('ana')('GET', `/videos/${id}/playback`)
    expect([again.status, again.body.code]).toEqual([409, 'playback/not_ready'])
    clock.advance(ALL_GONE)
    await sweep()
    expect(await objects(attempt)).toEqual([])
    expect((await playlist(url)).code).toBe('playback/expired')
  })

  it('is cut off when its owner deletes it, and nothing of it stays', async () => {
    const { id, attempt, url } = await watched()
    await house.as('ana')('DELETE', `/videos/${id}`)
    expect((await playlist(url)).status).toBe(404)
    await sweep()
    expect(await objects(attempt)).toEqual([])
  })
})

describe('an attempt that nobody could watch', () => {
  it('leaves nothing behind once another one has begun', async () => {
    const { jobId } = await queuedVideo(house, 'ana')
    const attempt = (await new FilmJobs(house.need).claim(jobId))!
    await media().put(`${outputPrefix(attempt)}720/init.mp4`, Buffer.from('init'), 'video/mp4')
    await sweep()
    expect(await objects(attempt)).toHaveLength(1)
    clock.advance(DEAD)
    await new FilmJobs(house.need).claim(jobId)
    await sweep()
    expect(await objects(attempt)).toEqual([])
  })
})

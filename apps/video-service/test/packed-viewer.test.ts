import { join } from 'node:path'
import { ManualClock } from '@balcao/kernel'
import { objectStore } from '@balcao/object-store'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { GetPlayback } from '../src/application/playback/get-playback.ts'
import { outputKey } from '../src/application/ports/jobs.ts'
import type { PackedRendition } from '../src/application/ports/packed.ts'
import { FilmJobs } from '../src/application/processing/film-jobs.ts'
import { ProcessVideo } from '../src/application/processing/process-video.ts'
import { FfmpegTranscoder } from '../src/infrastructure/ffmpeg/ffmpeg-transcoder.ts'
import { h264, openClips } from './clips.ts'
import { filmOf, type House, openHouse, processAll, processed, queuedVideo, uploadFile } from './support.ts'

const clock = new ManualClock()
/** Seconds after which nobody can be watching a film of a few seconds any more. */
const ALL_GONE = 7 * 3600
let house: House
beforeAll(async () => {
  house = await openHouse({ clock, store: objectStore })
})
afterAll(() => house?.close())

const media = () => house.need.media
const play = async (id: string): Promise<string> => (await house.as('ana')('GET', `/videos/${id}/playback`)).body.url
const playlist = async (url: string, name: string) => house.as('')('GET', url.replace('master', name))
/** Once whoever was let in is known of. */
const sweep = () => {
  clock.advance(61)
  return house.video.sweepLooseSegments.run()
}
/** What lies in the store of a film, without the numbers of its attempts. */
const objects = async (jobId: string) => {
  const keys: string[] = []
  for await (const { key } of media().list(`output/ana/${jobId}/`)) keys.push(key.split('/').slice(5).join('/'))
  return keys.sort()
}
const segmentRows = (id: string) => house.platform.sql.query('select 1 from segments where video_id = $1', [id])
const WHOLE = ['packed/720.mp4', 'packed/audio.mp4', 'poster.jpg', 'video.mp4']

/** Renditions of three segments in one object each, as `processed` publishes them. */
const packed = (keyOf: (file: string) => string): PackedRendition[] =>
  ['720', 'audio'].map((name) => ({
    name,
    key: keyOf(`packed/${name}.mp4`),
    init: { start: 0, size: 800 },
    segments: [2, 2, 1].map((durationSeconds, number) => ({
      durationSeconds,
      range: { start: 800 + 1_000_000 * number, size: 500_000 * durationSeconds },
    })),
  }))

/** Somebody watches a film that is packed meanwhile. */
async function watchedWhilePacked() {
  const { id, jobId } = await queuedVideo(house, 'ana')
  const { attempt, filmJobs, publish } = await processed(house, jobId, 'live')
  const keyOf = (file: string) => outputKey(attempt, attempt, file)
  for (const file of ['720/0.m4s', 'audio/init.mp4', ...WHOLE])
    await media().put(keyOf(file), Buffer.from(file), 'video/mp4')
  const outcome = { mp4: { key: keyOf('video.mp4'), size: 9 }, posterKey: keyOf('poster.jpg') }
  const url = await play(id)
  const before = await playlist(url, '720')
  await publish(1, 2)
  await publish(2, 1)
  const finish = () => filmJobs.finish(attempt, { ...filmOf(attempt, outcome), packed: packed(keyOf) })
  return { id, jobId, attempt, url, before, finish }
}

describe('whoever watches a film while it is made', () => {
  it('reads on what was read, while others get bytes of few objects', async () => {
    const { id, url, before, finish } = await watchedWhilePacked()
    await finish()
    await sweep()
    const after = await playlist(url, '720')
    expect(after.text.startsWith(before.text)).toBe(true)
    expect(after.text).toContain('#EXT-X-ENDLIST')
    expect(after.text).not.toContain('BYTERANGE')
    const other = await playlist(await play(id), '720')
    expect(other.text).toContain('PLAYLIST-TYPE:VOD')
    expect(other.text).toContain('#EXT-X-BYTERANGE:500000@2000800')
  })

  it('keeps the segments until nobody can be watching by them, however many watch the film', async () => {
    const { id, jobId, finish } = await watchedWhilePacked()
    await finish()
    await sweep()
    expect(await objects(jobId)).toContain('720/0.m4s')
    clock.advance(ALL_GONE)
    await play(id)
    await sweep()
    expect(await objects(jobId)).toEqual(WHOLE)
    expect(await segmentRows(id)).toEqual([])
    expect((await playlist(await play(id), 'audio')).text).toContain('#EXT-X-ENDLIST')
  })

  it('may be let in at the moment in which it is packed', async () => {
    const { id, jobId, attempt, finish } = await watchedWhilePacked()
    const { films, videos } = house.need
    // The film is packed after it was seen to be growing, and before that is known of who watches.
    const late = Object.assign(Object.create(films) as typeof films, {
      watch: async (...of: Parameters<typeof films.watch>) => {
        await finish()
        await films.watch(...of)
      },
    })
    clock.advance(ALL_GONE - 3600)
    expect((await videos.get('ana', id)).playAttempt).toBe(attempt.number)
    const { live } = await new GetPlayback({ ...house.need, films: late }).run({ owner: 'ana', id })
    expect(live).toBe(true)
    clock.advance(ALL_GONE - 3600)
    await sweep()
    expect(await objects(jobId)).toContain('720/0.m4s')
    clock.advance(3600)
    await sweep()
    expect(await objects(jobId)).not.toContain('720/0.m4s')
  })
})

describe('nothing is left over of a film', () => {
  it('that was packed by an attempt which did not live to tell', async () => {
    const clips = await openClips()
    const { id, jobId } = await uploadFile(house, 'ana', await clips.film('again.mkv', h264))
    const { packed } = house.need
    const publish = vi.spyOn(packed, 'publish').mockRejectedValueOnce(new Error('The database went away.'))
    const workDir = join(house.platform.config.dataDir, 'work')
    const worker = new ProcessVideo({
      ...house.need,
      transcoder: new FfmpegTranscoder({ configured: undefined, workDir }),
      filmJobs: new FilmJobs(house.need),
      onStumble: () => {},
    })
    const state = async () => (await house.need.videos.get('ana', id)).state
    await processAll(worker, jobId, new AbortController().signal)
    expect([publish.mock.calls.length, await state()]).toEqual([1, 'queued'])
    clock.advance(11)
    await processAll(worker, jobId, new AbortController().signal)
    expect([publish.mock.calls.length, await state()]).toEqual([2, 'ready'])
    clock.advance(ALL_GONE)
    await house.video.sweepAttempts.run()
    await sweep()
    expect(await objects(jobId)).toEqual(['packed/video.mp4', 'poster.jpg', 'storyboard.jpg'])
    await clips.remove()
  })

  it('that a killed worker wrote below it', async () => {
    const { jobId, attempt, finish } = await watchedWhilePacked()
    const left = outputKey({ ...attempt, number: attempt.number + 1 }, attempt, 'packed/720.mp4')
    await media().put(left, Buffer.from('x'), 'video/mp4')
    await finish()
    clock.advance(ALL_GONE)
    await sweep()
    expect(await media().head(left)).toBeUndefined()
    expect(await objects(jobId)).toEqual(WHOLE)
  })

  it('whose sweeper was killed between the rows and the objects', async () => {
    const { id, jobId, finish } = await watchedWhilePacked()
    await finish()
    clock.advance(ALL_GONE)
    const list = vi.spyOn(media(), 'list').mockImplementationOnce(() => {
      throw new Error('Killed.')
    })
    await expect(sweep()).rejects.toThrow('could not be removed')
    expect(await segmentRows(id)).toEqual([])
    list.mockRestore()
    expect(await objects(jobId)).toContain('720/0.m4s')
    await sweep()
    expect(await objects(jobId)).toEqual(WHOLE)
    expect(await house.need.packed.loose(clock.now(), 100)).toEqual([])
  })
})

import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ManualClock } from '@balcao/kernel'
import { objectStore } from '@balcao/object-store'
import { until } from '@balcao/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FilmJobs } from '../src/application/processing/film-jobs.ts'
import { ProcessVideo } from '../src/application/processing/process-video.ts'
import { FfmpegTranscoder } from '../src/infrastructure/ffmpeg/ffmpeg-transcoder.ts'
import { openClips } from './clips.ts'
import { packetsOf } from './packets.ts'
import { openStrangeFfmpeg } from './strange-ffmpeg.ts'
import { type House, openHouse, uploadFile } from './support.ts'

// From the real time on, because the store's addresses are looked at.
const clock = new ManualClock(new Date())
const forever = new AbortController().signal
const SECONDS = 20
const RATE = 24
let house: House
let clips: Awaited<ReturnType<typeof openClips>>
let dir: string
let strange: Awaited<ReturnType<typeof openStrangeFfmpeg>>
let film: string
beforeAll(async () => {
  house = await openHouse({ clock, store: objectStore })
  clips = await openClips()
  dir = await mkdtemp(join(tmpdir(), 'balcao-go-on-'))
  strange = await openStrangeFfmpeg(dir, workDir())
  // Whoever runs in the sandbox writes down what was asked.
  await chmod(dir, 0o777)
  const bars = ['-f', 'lavfi', '-i', `smptebars=s=1280x720:r=${RATE}:d=${SECONDS}`]
  const tone = ['-f', 'lavfi', '-i', `sine=440:r=48000:d=${SECONDS}`]
  film = await clips.made('long.mkv', [...bars, ...tone, '-c:v', 'mpeg4', '-bf', '2', '-c:a', 'ac3'])
})
afterAll(async () => {
  await house?.close()
  await clips?.remove()
  await rm(dir, { recursive: true, force: true })
})

const workDir = () => join(house.platform.config.dataDir, 'work')
const worker = (configured?: string) =>
  new ProcessVideo({
    ...house.need,
    transcoder: new FfmpegTranscoder({ configured, workDir: workDir() }),
    filmJobs: new FilmJobs(house.need),
    onStumble: (_, error) => expect.fail(String(error)),
  })
const ana = (method: string, path: string) => house.as('ana')(method, path)
const video = async (id: string) => (await ana('GET', `/videos/${id}`)).body
const play = async (id: string): Promise<string> => (await ana('GET', `/videos/${id}/playback`)).body.url
const playlist = async (master: string, name: string) => (await ana('GET', master.replace('master', name))).text
const names = async (master: string) => (await ana('GET', master)).text.match(/^\w+(?=\.m3u8)/gm)
const extinf = (text: string) => (text.match(/#EXTINF:[\d.]+/g) ?? []).map((line) => Number(line.slice(8)))
const seconds = (text: string) => extinf(text).reduce((sum, one) => sum + one, 0)

/** A film of which the beginning can be watched. */
async function previewed() {
  const { id, jobId } = await uploadFile(house, 'ana', film)
  await worker().look(jobId, forever)
  await worker().makeNext('preview', forever)
  return { id, jobId, master: await play(id) }
}

/** Encodes it until so many segments of its best picture are there, and is then killed or stopped. */
async function encodedUntil(id: string, segments: number, stop: () => void, signal: AbortSignal, ffmpeg: string) {
  const running = worker(ffmpeg).makeNext('encode', signal)
  await until(async () => {
    const found = await house.platform.sql.first<{ n: number }>(
      `select count(*)::int as n from segments where video_id = $1 and rendition = '720'`,
      [id],
    )
    return found!.n >= segments
  }, 60)
  stop()
  await running
}

/** Every packet of a rendition as players get it. */
async function packets(master: string, name: string) {
  const text = await playlist(master, name)
  const urls = [/URI="([^"]+)"/.exec(text)![1]!, ...text.split('\n').filter((line) => /^https?:/.test(line))]
  const bytes = await Promise.all(urls.map(async (url) => Buffer.from(await (await fetch(url)).arrayBuffer())))
  const path = join(dir, `${name}.mp4`)
  await writeFile(path, Buffer.concat(bytes))
  return packetsOf(path)
}

describe('the beginning of a film that takes long to encode', () => {
  it('can be watched before any of it has its turn: its smallest picture and the sound', async () => {
    const { id, master } = await previewed()
    expect(await video(id)).toMatchObject({ state: 'queued', playable: true, posterUrl: expect.any(String) })
    expect(await names(master)).toEqual(['480'])
    expect(await names(`${master}?announced=true`)).toEqual(['720', '480'])
    expect(seconds(await playlist(master, '480'))).toBeCloseTo(4, 1)
    expect((await ana('GET', master.replace('master', '720'))).status).toBe(404)
    // There is more to see of one that waits.
    const other = await previewed()
    expect(seconds(await playlist(other.master, '480'))).toBeCloseTo(12, 1)
    for (const each of [id, other.id]) await ana('DELETE', `/videos/${each}`)
  })

  it('is the beginning of the whole film, which whoever watches goes on with', async () => {
    const { id, master } = await previewed()
    const before = (await playlist(master, '480')).trimEnd()
    await worker().makeNext('encode', forever)
    expect(await video(id)).toMatchObject({ state: 'ready', problem: null })
    const after = await playlist(master, '480')
    expect(after.startsWith(before)).toBe(true)
    expect(seconds(after)).toBeCloseTo(SECONDS, 1)
    expect(after).toContain('#EXT-X-ENDLIST')
    expect(await names(master)).toEqual(['720', '480'])
    for (const name of ['720', '480', 'audio']) {
      const found = await packets(master, name)
      expect(found.goesBack, name).toBe(false)
      expect(found.gaps, name).toEqual([])
    }
  })
})

describe('a film whose worker stops in the middle', () => {
  it('goes on from what is whole, and nobody who watches notices', async () => {
    const asked = join(dir, 'asked')
    const slow = await strange('slow', `echo "$@" >> ${asked}; exec $real -re "$@"`)
    const { id, jobId, master } = await previewed()
    const stop = new AbortController()
    await encodedUntil(id, 5, () => stop.abort(new Error('The worker is shutting down.')), stop.signal, slow)
    expect(await video(id)).toMatchObject({ state: 'queued' })
    const before = (await playlist(master, '720')).trimEnd()

    const told = await strange('told', `echo "$@" >> ${asked}; exec $real "$@"`)
    await worker(told).makeNext('encode', forever)
    expect(await video(id)).toMatchObject({ state: 'ready', problem: null })
    const passes = (await readFile(asked, 'utf8')).split('\n').filter((line) => line.includes('m3u8'))
    expect(passes).toHaveLength(2)
    expect(Number(/ -ss ([\d.]+)/.exec(passes[1]!)?.[1])).toBeGreaterThan(5)
    expect((await playlist(master, '720')).startsWith(before)).toBe(true)

    // As if nobody had stopped: every picture once, in order, and the sound without a break.
    for (const name of ['720', '480', 'audio']) {
      const found = await packets(master, name)
      expect(found.goesBack, name).toBe(false)
      expect(found.gaps, name).toEqual([])
      if (name !== 'audio') expect(found.count, name).toBe(SECONDS * RATE)
    }
    const { body } = await ana('GET', `/videos/${id}/download`)
    await writeFile(join(dir, 'film.mp4'), Buffer.from(await (await fetch(body.url)).arrayBuffer()))
    expect(await packetsOf(join(dir, 'film.mp4'))).toMatchObject({ count: SECONDS * RATE, goesBack: false, gaps: [] })

    // What the one that was stopped had put away and not told of is gone.
    clock.advance(31)
    await house.video.sweepAttempts.run()
    const keys: string[] = []
    const media = house.platform.objects.bucket(house.platform.config.store.mediaBucket)
    for await (const { key } of media.list(`output/ana/${jobId}/`)) keys.push(key)
    expect(await house.need.films.unnamed(id, keys)).toEqual([])
  })

  it('is begun anew where another worker makes it otherwise, and whoever watches keeps what there is', async () => {
    const slow = await strange('slower', 'exec $real -re "$@"')
    const { id, master } = await previewed()
    const stop = new AbortController()
    await encodedUntil(id, 3, () => stop.abort(new Error('The worker is shutting down.')), stop.signal, slow)
    await house.platform.sql.run(
      `update renditions set init_key = (
      select init_key from renditions o where o.video_id = renditions.video_id and o.name = 'audio') where name = '720'
      and video_id = $1`,
      [id],
    )
    await worker().makeNext('encode', forever)
    expect(await video(id)).toMatchObject({ state: 'ready', problem: null })
    expect((await ana('GET', master)).status).toBe(404)
    expect(seconds(await playlist(await play(id), '720'))).toBeCloseTo(SECONDS, 1)
  })
})

import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ManualClock } from '@balcao/kernel'
import { objectStore } from '@balcao/object-store'
import { startWork } from '@balcao/platform/open'
import { until } from '@balcao/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FilmJobs } from '../src/application/processing/film-jobs.ts'
import { ProcessVideo } from '../src/application/processing/process-video.ts'
import { videoService } from '../src/index.ts'
import { FfmpegTranscoder } from '../src/infrastructure/ffmpeg/ffmpeg-transcoder.ts'
import { h264, openClips } from './clips.ts'
import { openStrangeFfmpeg } from './strange-ffmpeg.ts'
import { type House, openHouse, processAll, uploadFile } from './support.ts'

const clock = new ManualClock()
const forever = new AbortController().signal
let house: House
let ana: ReturnType<House['as']>
let clips: Awaited<ReturnType<typeof openClips>>
let dir: string
let clip: string
let strangeFfmpeg: Awaited<ReturnType<typeof openStrangeFfmpeg>>

beforeAll(async () => {
  house = await openHouse({ clock, store: objectStore })
  ana = house.as('ana')
  clips = await openClips()
  dir = await mkdtemp(join(tmpdir(), 'balcao-process-'))
  strangeFfmpeg = await openStrangeFfmpeg(dir, workDir())
  clip = await clips.film('clip.mkv', ['-c:v', 'mpeg4', '-c:a', 'ac3'], { seconds: 4 })
})
afterAll(async () => {
  await house?.close()
  await clips?.remove()
  await rm(dir, { recursive: true, force: true })
})

const workDir = () => join(house.platform.config.dataDir, 'work')
const bucket = () => house.platform.config.store.mediaBucket

function worker(options: { ffmpeg?: string; quietMs?: number; onStumble?: () => void } = {}) {
  const { ffmpeg: configured, quietMs, onStumble = () => undefined } = options
  const transcoder = new FfmpegTranscoder({ configured, workDir: workDir(), ...(quietMs && { quietMs }) })
  const made = new ProcessVideo({ ...house.need, transcoder, filmJobs: new FilmJobs(house.need), onStumble })
  return { run: (jobId: string, signal: AbortSignal) => processAll(made, jobId, signal) }
}

const uploaded = (path: string) => uploadFile(house, 'ana', path)

const video = async (id: string) => (await ana('GET', `/videos/${id}`)).body
const job = (id: string) =>
  house.platform.sql.first<{
    state: string
    attempt: number
    failures: number
    archive_key: string | null
    key: string
    bucket: string
  }>('select * from jobs where id = $1', [id])
const objects = async (prefix: string) => {
  const keys: string[] = []
  for await (const { key } of house.platform.objects.bucket(bucket()).list(prefix)) keys.push(key.slice(prefix.length))
  return keys
}
/** Of all films, without who wrote them. */
const files = async (jobId: string) =>
  (await objects(`output/ana/${jobId}/`)).map((key) => key.replace(/^\d+\/\d+\//, ''))
const tidy = (jobId: string) => house.video.tidyVideo.run(jobId)
const original = async (jobId: string) => {
  const row = (await job(jobId))!
  return house.platform.objects.bucket(row.bucket).head(row.key)
}

describe('an upload', () => {
  it('D1-04, D3-10, D3-29: becomes renditions, an MP4 and a poster, and leaves the temp place', async () => {
    const { id, jobId } = await uploaded(clip)
    await worker().run(jobId, forever)
    expect(await video(id)).toMatchObject({
      state: 'ready',
      percent: 100,
      playable: true,
      downloadable: true,
      width: 320,
      height: 240,
      durationSeconds: expect.closeTo(4, 0),
      problem: null,
    })
    expect(await files(jobId)).toEqual(
      expect.arrayContaining([
        '240/init.mp4',
        '240/0.m4s',
        '240/1.m4s',
        'audio/0.m4s',
        'packed/video.mp4',
        'poster.jpg',
      ]),
    )
    const { body: playback } = await ana('GET', `/videos/${id}/playback`)
    const master = await (await fetch(new URL(playback.url, house.origin))).text()
    expect(master).toMatch(/CODECS="avc1\.[0-9a-f]{6},mp4a\.40\.2",RESOLUTION=320x240/)
    expect(await original(jobId)).toBeDefined()
    await tidy(jobId)
    await tidy(jobId)
    expect(await original(jobId)).toBeUndefined()
    expect(await readdir(workDir())).not.toContainEqual(expect.stringMatching(/-\d+-/))
  })

  it('that plays everywhere is its own download', async () => {
    const path = await clips.film('ready.mp4', [...h264, '-movflags', '+faststart'])
    const { id, jobId } = await uploaded(path)
    await worker().run(jobId, forever)
    const { body } = await ana('GET', `/videos/${id}/download`)
    const bytes = Buffer.from(await (await fetch(body.url)).arrayBuffer())
    expect(bytes.equals(await readFile(path))).toBe(true)
  })

  it('D1-27: that no output equals moves to the archive', async () => {
    const { jobId } = await uploaded(
      await clips.film('tall.mkv', ['-c:v', 'mpeg4', '-c:a', 'ac3'], { size: '2000x1200', seconds: 1 }),
    )
    await worker().run(jobId, forever)
    await tidy(jobId)
    expect(await original(jobId)).toBeUndefined()
    expect((await job(jobId))?.archive_key).toMatch(new RegExp(`^archive/ana/${jobId}/`))
    expect(await objects(`archive/ana/${jobId}/`)).toHaveLength(1)
  })

  it('can be played before all of it is made', async () => {
    const slow = await strangeFfmpeg('slow', 'exec $real -re "$@"')
    const { id, jobId } = await uploaded(clip)
    const running = worker({ ffmpeg: slow }).run(jobId, forever)
    await until(async () => {
      const { state, playable, percent } = await video(id)
      return state === 'processing' && playable && percent > 0 && percent < 100
    })
    expect((await ana('GET', `/videos/${id}/playback`)).body).toMatchObject({ live: true })
    await running
    expect(await video(id)).toMatchObject({ state: 'ready' })
  })

  it('that is cut in its middle plays as far as it goes, with a warning, and is kept', async () => {
    await clips.film('cut.mp4', [...h264, '-movflags', '+faststart'], { seconds: 4 })
    const { id, jobId } = await uploaded(await clips.cut('cut.mp4', 0.6))
    await worker().run(jobId, forever)
    expect(await video(id)).toMatchObject({ state: 'ready', problem: { code: 'video/partial' } })
    expect((await video(id)).durationSeconds).toBeLessThan(3.5)
    await tidy(jobId)
    expect((await job(jobId))?.archive_key).toBeTruthy()
  })

  it('that is a playlist of other files is refused with its reason, once and for all', async () => {
    const { id, jobId } = await uploaded(await clips.text('list.mp4', '#EXTM3U\n#EXTINF:2,\n/etc/passwd\n'))
    await worker().run(jobId, forever)
    expect(await video(id)).toMatchObject({
      state: 'failed',
      playable: false,
      problem: { code: 'video/unsupported_container', message: expect.stringMatching(/^Este tipo de arquivo/) },
    })
    await worker().run(jobId, forever)
    expect(await job(jobId)).toMatchObject({ state: 'failed', attempt: 1 })
    expect(await original(jobId)).toBeDefined()
    expect(await objects(`output/ana/${jobId}/`)).toEqual([])
  })
})

describe('a job is done again', () => {
  const once = (name: string, first: string) =>
    strangeFfmpeg(name, `if mkdir ${join(dir, name)}-done 2>/dev/null; then ${first}; fi\nexec $real "$@"`)

  it.each([
    ['was killed', 'kill -9 $$', 'video/ffmpeg_killed'],
    ['hung', 'exec sleep 100', 'video/ffmpeg_hung'],
  ])('when ffmpeg %s', async (name, first, code) => {
    await chmod(dir, 0o777)
    const ffmpeg = await once(name.replace(' ', '-'), first)
    const { id, jobId } = await uploaded(clip)
    const patient = worker({ ffmpeg, quietMs: 2000 })
    await patient.run(jobId, forever)
    expect(await video(id)).toMatchObject({ state: 'queued', problem: { code } })
    expect(await job(jobId)).toMatchObject({ state: 'waiting', failures: 1 })
    clock.advance(11)
    await patient.run(jobId, forever)
    expect(await video(id)).toMatchObject({ state: 'ready', problem: null })
  })

  it('three times at most when it is always our fault', async () => {
    const broken = worker({ ffmpeg: await strangeFfmpeg('broken', 'echo "Conversion failed!" >&2; exit 1') })
    const { id, jobId } = await uploaded(clip)
    for (let turn = 0; turn < 5; turn++) {
      await broken.run(jobId, forever)
      clock.advance(11)
    }
    // Looked at once, and then its beginning tried three times.
    expect(await job(jobId)).toMatchObject({ state: 'failed', attempt: 4 })
    expect(await video(id)).toMatchObject({ state: 'failed', problem: { code: 'video/ffmpeg_failed' } })
  })

  it('by encoding it when copying it gave no film, which counts as no failure', async () => {
    const script = 'case "$*" in *"-c:v copy"*) echo "Conversion failed!" >&2; exit 1;; esac\nexec $real "$@"'
    const { id, jobId } = await uploaded(await clips.film('uncopied.mp4', [...h264, '-movflags', '+faststart']))
    await worker({ ffmpeg: await strangeFfmpeg('uncopied', script) }).run(jobId, forever)
    expect(await video(id)).toMatchObject({ state: 'ready', problem: null })
    expect(await job(jobId)).toMatchObject({ state: 'done', attempt: 2, failures: 0 })
  })

  it('by the next worker when this one must stop, which counts as no failure', async () => {
    const slow = await strangeFfmpeg('stopped', 'exec $real -re "$@"')
    const { id, jobId } = await uploaded(clip)
    const stop = new AbortController()
    const running = worker({ ffmpeg: slow }).run(jobId, stop.signal)
    await until(async () => (await video(id)).playable)
    stop.abort(new Error('The worker is shutting down.'))
    await running
    expect(await job(jobId)).toMatchObject({ state: 'waiting', failures: 0 })
    await worker().run(jobId, forever)
    expect(await video(id)).toMatchObject({ state: 'ready' })
  })

  it('by another worker when its lease ran out, and the first changes nothing more', async () => {
    const slow = await strangeFfmpeg('overtaken', 'exec $real -re "$@"')
    const { id, jobId } = await uploaded(clip)
    const late = worker({ ffmpeg: slow }).run(jobId, forever)
    await until(async () => (await video(id)).playable)
    clock.advance(60)
    await house.video.sweepJobs.run()
    await worker().run(jobId, forever)
    const done = await video(id)
    expect(done).toMatchObject({ state: 'ready' })
    await late
    expect(await video(id)).toEqual(done)
    expect(await job(jobId)).toMatchObject({ state: 'done', attempt: 4 })
  })

  it('when its owner deletes it and takes it back: the worker stops meanwhile', async () => {
    const slow = await strangeFfmpeg('deleted', 'exec $real -re "$@"')
    const { id, jobId } = await uploaded(clip)
    const running = worker({ ffmpeg: slow }).run(jobId, forever)
    await until(async () => (await video(id)).playable)
    await ana('DELETE', `/videos/${id}`)
    await running
    expect(await job(jobId)).toMatchObject({ state: 'waiting', failures: 0 })
    await worker().run(jobId, forever)
    expect(await job(jobId)).toMatchObject({ state: 'waiting' })
    expect((await ana('POST', `/videos/${id}/restore`)).body).toMatchObject({ state: 'queued' })
    await worker().run(jobId, forever)
    expect(await video(id)).toMatchObject({ state: 'ready' })
  })

  it('when the disk is full, without a failure, and the person is told', async () => {
    const full = await strangeFfmpeg('full', 'echo "av_interleaved_write_frame(): No space left on device" >&2; exit 1')
    const { id, jobId } = await uploaded(clip)
    // The worker waits for room; one that is told to stop does not wait.
    const stop = new AbortController()
    await worker({ ffmpeg: full, onStumble: () => stop.abort() }).run(jobId, stop.signal)
    expect(await job(jobId)).toMatchObject({ state: 'waiting', failures: 0 })
    expect(await video(id)).toMatchObject({ state: 'queued', problem: { code: 'video/disk_full' } })
  })
})

describe('a worker without ffmpeg', () => {
  it('takes no job and says how to install it', async () => {
    const { jobId } = await uploaded(clip)
    const transcoder = new FfmpegTranscoder({ configured: '/nowhere/ffmpeg', workDir: workDir() })
    const running = await startWork(
      videoService,
      { ...house.video, transcoder },
      house.platform,
      new Set(['video-processor']),
    )
    expect(running.problem!()).toMatch(/apt-get install ffmpeg/)
    await running.close()
    expect(await job(jobId)).toMatchObject({ state: 'waiting', attempt: 0 })
  })
})

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ManualClock } from '@balcao/kernel'
import { objectStore } from '@balcao/object-store'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { FramesJobs } from '../src/application/frames/frames-jobs.ts'
import { MakeFrames } from '../src/application/frames/make-frames.ts'
import { FilmJobs } from '../src/application/processing/film-jobs.ts'
import { ProcessVideo } from '../src/application/processing/process-video.ts'
import { WAIT_SECONDS } from '../src/domain/job.ts'
import { FfmpegTranscoder } from '../src/infrastructure/ffmpeg/ffmpeg-transcoder.ts'
import { openClips } from './clips.ts'
import { openStrangeFfmpeg } from './strange-ffmpeg.ts'
import { type House, openHouse, processAll, uploadFile } from './support.ts'

const clock = new ManualClock()
const forever = new AbortController().signal
let house: House
let ana: ReturnType<House['as']>
let clips: Awaited<ReturnType<typeof openClips>>
let clip: string
let dir: string

beforeAll(async () => {
  house = await openHouse({ clock, store: objectStore })
  ana = house.as('ana')
  clips = await openClips()
  clip = await clips.film('clip.mkv', ['-c:v', 'mpeg4', '-c:a', 'ac3'], { seconds: 1 })
  dir = await mkdtemp(join(tmpdir(), 'balcao-full-'))
  // PostgreSQL's own answer where it cannot extend a table: the store says 507 of it.
  await house.platform.sql.query(
    `create function object_store.no_room() returns trigger language plpgsql as $$
     begin raise exception 'could not extend file' using errcode = 'disk_full'; end $$`,
  )
})
afterEach(() => room())
afterAll(async () => {
  await house?.close()
  await clips?.remove()
  await rm(dir, { recursive: true, force: true })
})

/** The store takes no object any more, but those it has it gives. */
const noRoom = () =>
  house.platform.sql.query(
    'create trigger no_room before insert on object_store.objects for each row execute function object_store.no_room()',
  )
const room = () => house.platform.sql.query('drop trigger if exists no_room on object_store.objects')

const video = async (id: string) => (await ana('GET', `/videos/${id}`)).body
const make = (jobId: string) => processAll(house.video.processVideo, jobId, forever)
/** One try. A worker that is told to stop does not wait for room. */
function tryOnce(jobId: string): Promise<void> {
  const stop = new AbortController()
  const worker = new ProcessVideo({
    ...house.need,
    filmJobs: new FilmJobs(house.need),
    onStumble: () => stop.abort(),
  })
  return processAll(worker, jobId, stop.signal)
}

async function ready(): Promise<{ id: string; jobId: string }> {
  const film = await uploadFile(house, 'ana', clip)
  await make(film.jobId)
  expect((await video(film.id)).state).toBe('ready')
  return film
}

describe('while there is no room', () => {
  it('a film waits, its owner is told, and it is made when there is', async () => {
    const { id, jobId } = await uploadFile(house, 'ana', clip)
    await noRoom()
    await tryOnce(jobId)
    expect(await video(id)).toMatchObject({ state: 'queued', problem: { code: 'video/disk_full' } })
    await room()
    clock.advance(WAIT_SECONDS)
    await make(jobId)
    expect(await video(id)).toMatchObject({ state: 'ready', problem: null })
  })

  it('an original waits to be put away, and nothing of it is lost', async () => {
    const { id, jobId } = await ready()
    await noRoom()
    await house.video.tidyVideo.run(jobId)
    expect((await ana('GET', `/videos/${id}/original`)).body.code).toBe('original/not_kept')
    await room()
    await house.video.tidyVideo.run(jobId)
    expect((await ana('GET', `/videos/${id}/original`)).status).toBe(200)
  })

  it('images wait as long as a film does, without a failure', async () => {
    const { id } = await ready()
    const strange = await openStrangeFfmpeg(dir, join(house.platform.config.dataDir, 'work'))
    const configured = await strange('full', 'echo "frame_1.jpg: No space left on device" >&2; exit 0')
    const stop = new AbortController()
    const worker = new MakeFrames({
      ...house.need,
      transcoder: new FfmpegTranscoder({ configured, workDir: join(house.platform.config.dataDir, 'work') }),
      framesJobs: new FramesJobs(house.need),
      onStumble: () => stop.abort(),
    })
    const { body } = await ana('POST', `/videos/${id}/frames`, { count: 1 })
    await worker.run(body.id, stop.signal)
    const told = (await ana('GET', `/videos/${id}/frames`)).body.items[0]
    expect(told).toMatchObject({ state: 'waiting', problem: { code: 'video/disk_full', missing: expect.any(Number) } })
    const row = await house.platform.sql.first<{ failures: number; ready_at: Date }>(
      'select failures, ready_at from frames where id = $1',
      [body.id],
    )
    expect(row).toEqual({ failures: 0, ready_at: new Date(clock.now().getTime() + WAIT_SECONDS * 1000) })
    await house.video.makeFrames.run(body.id, forever)
    expect((await ana('GET', `/videos/${id}/frames`)).body.items[0]).toMatchObject({ state: 'done', problem: null })
  })
})

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ManualClock } from '@balcao/kernel'
import { objectStore } from '@balcao/object-store'
import { until } from '@balcao/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { FilmJobs } from '../src/application/processing/film-jobs.ts'
import { ProcessVideo } from '../src/application/processing/process-video.ts'
import { LANES, PER_OWNER } from '../src/domain/job.ts'
import { FfmpegTranscoder } from '../src/infrastructure/ffmpeg/ffmpeg-transcoder.ts'
import { jobsTable } from '../src/infrastructure/pg-jobs.ts'
import { h264, openClips } from './clips.ts'
import { openStrangeFfmpeg } from './strange-ffmpeg.ts'
import { type House, openHouse, uploadFile } from './support.ts'

const forever = new AbortController().signal
const clock = new ManualClock()
let house: House
let clips: Awaited<ReturnType<typeof openClips>>
let dir: string
/** A worker whose encodes, but not their previews, go on only once `go` is there, as if they were long. */
let worker: ProcessVideo
/** One for which a moment is over at once. */
let impatient: ProcessVideo
beforeAll(async () => {
  house = await openHouse({ clock, store: objectStore })
  clips = await openClips()
  dir = await mkdtemp(join(tmpdir(), 'balcao-lanes-'))
  const workDir = join(house.platform.config.dataDir, 'work')
  const wait = `case "$*" in *" -t "*) ;; *libx264*) until [ -e ${dir}/go ]; do sleep 0.05; done;; esac; exec $real "$@"`
  const configured = await (await openStrangeFfmpeg(dir, workDir))('long', wait)
  const need = {
    ...house.need,
    transcoder: new FfmpegTranscoder({ configured, workDir }),
    filmJobs: new FilmJobs(house.need),
    onStumble: (_: unknown, error: unknown) => expect.fail(String(error)),
  }
  worker = new ProcessVideo(need)
  impatient = new ProcessVideo({ ...need, moment: () => AbortSignal.abort(new Error('Others wait.')) })
})
afterAll(async () => {
  await house?.close()
  await clips?.remove()
  await rm(dir, { recursive: true, force: true })
})

const stateOf = async (person: string, id: string) => (await house.as(person)('GET', `/videos/${id}`)).body.state
/** Sends a film, which is looked at. */
async function sent(person: string, path: string) {
  const { id, jobId } = await uploadFile(house, person, path)
  await worker.look(jobId, forever)
  await worker.makeNext('preview', forever)
  // Whoever came first goes first.
  clock.advance(1)
  return id
}
const playable = async (id: string) => (await house.as('ana')('GET', `/videos/${id}`)).body.playable
const messages = async (queue: string) => (await house.platform.queueStats.counts(queue)).waiting

it("nobody waits behind another's long film", async () => {
  const long = await clips.film('long.mkv', ['-c:v', 'mpeg4', '-c:a', 'ac3'], { seconds: 3 })
  const encode = () => worker.makeNext('encode', forever)
  const [first, second] = [await sent('ana', long), await sent('ana', long)]
  expect([await stateOf('ana', first), await stateOf('ana', second)]).toEqual(['queued', 'queued'])
  expect(await messages('encode-video')).toBe(2)
  // Their beginnings can be watched meanwhile.
  expect(await Promise.all([first, second].map(playable))).toEqual([true, true])
  const one = encode()
  await until(async () => (await stateOf('ana', first)) === 'processing')

  // What needs no encoding is there, or refused, while hers goes on.
  const ready = await clips.film('ready.mp4', [...h264, '-movflags', '+faststart'])
  expect(await stateOf('bia', await sent('bia', ready))).toBe('ready')
  expect(await stateOf('bia', await sent('bia', await clips.text('text.mp4', 'no film')))).toBe('failed')
  const copied = await sent(
    'bia',
    await clips.film('ac3.mkv', [...h264, '-c:a', 'ac3'], { seconds: 130, size: '64x36' }),
  )
  await worker.makeNext('copy', forever)
  expect(await stateOf('bia', copied)).toBe('ready')

  // Another place for encodes is not for her second film, but for whoever has none there.
  await encode()
  expect(await stateOf('ana', second)).toBe('queued')
  const other = await sent('bia', long)
  const two = encode()
  await until(async () => (await stateOf('bia', other)) === 'processing')
  expect(await stateOf('ana', second)).toBe('queued')

  // Who has made one goes on with the next, though its message was spent.
  await writeFile(join(dir, 'go'), '')
  await Promise.all([one, two])
  for (const [person, id] of [
    ['ana', first],
    ['ana', second],
    ['bia', other],
  ] as const)
    expect(await stateOf(person, id)).toBe('ready')
})

it('a file that tells less than there is in it goes on where nobody waits to be looked at', async () => {
  const { id, jobId } = await uploadFile(
    house,
    'ana',
    await clips.film('lies.mp4', [...h264, '-movflags', '+faststart']),
  )
  await impatient.look(jobId, forever)
  expect([await stateOf('ana', id), await house.need.jobs.laneOf(jobId)]).toEqual(['queued', 'copy'])
  await worker.makeNext('copy', forever)
  expect(await stateOf('ana', id)).toBe('ready')
})

it('of one person a film at a time is made in every lane that is waited in', () => {
  const { look: _, ...others } = jobsTable.lanes
  expect(Object.keys(others).toSorted()).toEqual(LANES.filter((lane) => lane !== 'look').toSorted())
  for (const lane of Object.values(others)) expect(lane).toEqual({ perOwner: PER_OWNER })
})

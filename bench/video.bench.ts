import { execFileSync } from 'node:child_process'
import { copyFile, mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { until } from '@balcao/testing'
import { afterAll, beforeAll, it } from 'vitest'
import { planVideo } from '../apps/video-service/src/domain/media/plan.ts'
import { passArguments } from '../apps/video-service/src/infrastructure/ffmpeg/ffmpeg-arguments.ts'
import { FfmpegTranscoder } from '../apps/video-service/src/infrastructure/ffmpeg/ffmpeg-transcoder.ts'
import { findToolchain } from '../apps/video-service/src/infrastructure/ffmpeg/toolchain.ts'
import { type Balcao, startBalcao } from '../e2e/support/balcao.ts'
import { Person } from '../e2e/support/person.ts'
import { median, record, seconds } from './record.ts'

const RUNS = 3
/** How the clips are made: what phones, screens and cameras send. */
const clips = {
  copy: ['-c:v', 'libx264', '-preset', 'veryfast', '-g', '60', '-c:a', 'aac', '-movflags', '+faststart', 'copy.mp4'],
  encode: ['-c:v', 'mpeg4', '-q:v', '4', '-c:a', 'libmp3lame', 'encode.mkv'],
} as const
const LENGTH_SECONDS = 20

let balcao: Balcao
let person: Person
let dir: string

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'balcao-bench-'))
  const source = ['-f', 'lavfi', '-i', `testsrc2=size=1920x1080:rate=30:duration=${LENGTH_SECONDS}`]
  const sound = ['-f', 'lavfi', '-i', `sine=frequency=440:duration=${LENGTH_SECONDS}`]
  const { ffmpeg } = await findToolchain({ configured: undefined, binDir: join(dir, 'bin') })
  for (const args of Object.values(clips)) {
    execFileSync(ffmpeg, ['-v', 'error', '-y', ...source, ...sound, '-pix_fmt', 'yuv420p', ...args], { cwd: dir })
  }
  balcao = await startBalcao()
  person = await Person.signUp(balcao.url)
})
afterAll(async () => {
  await balcao?.remove()
  await rm(dir, { recursive: true, force: true })
})

const fileOf = (clip: keyof typeof clips) => join(dir, clips[clip].at(-1)!)

/** The same outputs by the same commands, one after another in an empty folder: no service, no sandbox, no store. */
async function rawSeconds(clip: keyof typeof clips): Promise<number> {
  const transcoder = new FfmpegTranscoder({ configured: undefined, workDir: join(dir, 'work') })
  const { ffmpeg, abilities } = await transcoder.tools()
  const place = await transcoder.open()
  const input = join(place.dir, 'upload')
  await copyFile(fileOf(clip), input)
  await place.take(input)
  const probe = await place.probe(new AbortController().signal)
  if ('code' in probe) throw new Error(probe.code)
  const plan = planVideo(probe)
  if ('code' in plan) throw new Error(plan.code)
  const empty = await mkdtemp(join(dir, 'raw-'))
  await copyFile(fileOf(clip), join(empty, 'in'))
  const run = async (args: string[]) => void execFileSync(ffmpeg, args, { cwd: empty, stdio: 'ignore' })
  const wall = await seconds(async () => {
    await run(passArguments(plan, abilities))
    if (plan.download === 'top')
      await run(['-y', '-i', '0.m3u8', '-i', '1.m3u8', '-c', 'copy', '-movflags', '+faststart', 'top.mp4'])
  })
  await place.close()
  return wall
}

/** Upload complete → first segment, and → ready. */
async function jobSeconds(clip: keyof typeof clips): Promise<{ first: number; ready: number }> {
  const { size } = await stat(fileOf(clip))
  const upload = await person.startUpload(clips[clip].at(-1)!, size)
  await person.sendParts(upload, fileOf(clip))
  await person.complete(upload)
  const start = performance.now()
  const when = (wanted: 'playable' | 'ready') =>
    until(async () => {
      const video = await person.video(upload.videoId)
      if (video.state === 'failed') throw new Error(video.problem?.code)
      return (wanted === 'playable' ? video.playable : video.state === 'ready') && (performance.now() - start) / 1000
    }, 300)
  const first = await when('playable')
  return { first, ready: await when('ready') }
}

it('measures jobs against raw ffmpeg', async () => {
  const measured = {
    copy: { first: [] as number[], ratio: [] as number[] },
    encode: { first: [] as number[], ratio: [] as number[] },
  }
  for (let run = 0; run <= RUNS; run++) {
    for (const clip of ['copy', 'encode'] as const) {
      const raw = await rawSeconds(clip)
      const job = await jobSeconds(clip)
      if (run === 0) continue // warm-up
      measured[clip].first.push(job.first)
      measured[clip].ratio.push(job.ready / raw)
      console.log(
        `${clip}: raw ${raw.toFixed(2)} s, job ${job.ready.toFixed(2)} s, first segment ${job.first.toFixed(2)} s`,
      )
    }
  }
  console.log(median(measured.encode.ratio))
  const film = `${LENGTH_SECONDS} s of 1080p30 with sound`
  record('video', [
    {
      claim: 'job wall, transcode to a ladder of 3, against raw ffmpeg',
      unit: '×',
      runs: measured.encode.ratio,
      goal: { atMost: 1.1 },
      how: `${film}, MPEG-4 in Matroska; from the answer to "complete" until the API says ready (claim, link, probe, pass, MP4, verification, puts, commit), against the pass and the MP4 by the same commands in an empty folder.`,
    },
    {
      claim: 'job wall, H.264 served as it is, against raw ffmpeg',
      unit: '×',
      runs: measured.copy.ratio,
      goal: undefined,
      how: `${film}, H.264 + AAC in a faststart MP4; the same, where raw ffmpeg only repackages: the fixed cost of a job (processes, probe, verification, poster, puts) stands out.`,
    },
    {
      claim: 'upload complete → first segment, copy',
      unit: 's',
      runs: measured.copy.first,
      goal: { atMost: 1 },
      how: 'Until the API says playable, asked every 20 ms.',
    },
    {
      claim: 'upload complete → first segment, transcode',
      unit: 's',
      runs: measured.encode.first,
      goal: { atMost: 3 },
      how: 'Until the API says playable, asked every 20 ms.',
    },
  ])
})

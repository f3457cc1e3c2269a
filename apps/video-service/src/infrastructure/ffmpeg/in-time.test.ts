import { execFile } from 'node:child_process'
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { h264, openClips } from '../../../test/clips.ts'
import { mp4Of } from '../../../test/local-renditions.ts'
import { WHOLE, type WrittenSegment } from '../../application/ports/transcoder.ts'
import { type Plan, planVideo } from '../../domain/media/plan.ts'
import { FfmpegTranscoder } from './ffmpeg-transcoder.ts'

const run = promisify(execFile)
const forever = new AbortController().signal
let clips: Awaited<ReturnType<typeof openClips>>
let workDir: string
let transcoder: FfmpegTranscoder

beforeAll(async () => {
  clips = await openClips()
  workDir = await mkdtemp(join(tmpdir(), 'balcao-work-'))
  transcoder = new FfmpegTranscoder({ configured: process.env.BALCAO_FFMPEG, workDir })
})
afterAll(async () => {
  await clips.remove()
  await rm(workDir, { recursive: true })
})

/** Seconds at which the first packet of a kind is shown. */
async function firstShown(file: string, kind: 'v' | 'a'): Promise<number> {
  const { ffprobe } = await transcoder.tools()
  const args = [
    '-v',
    'error',
    '-select_streams',
    `${kind}:0`,
    '-show_entries',
    'packet=pts_time',
    '-of',
    'csv=p=0',
    file,
  ]
  const { stdout } = await run(ffprobe, args)
  return Math.min(
    ...stdout
      .split('\n')
      .map((line) => Number.parseFloat(line))
      .filter(Number.isFinite),
  )
}

/** How many seconds the sound begins after the picture, in the renditions and in the MP4. */
async function lateness(clip: string, change: (plan: Plan) => Plan) {
  const place = await transcoder.open()
  try {
    await copyFile(clip, join(place.dir, 'upload'))
    await place.take(join(place.dir, 'upload'))
    const plan = change(planVideo((await place.probe(forever)) as never) as Plan)
    const all: WrittenSegment[] = []
    const onSegment = (segment: WrittenSegment) => void all.push(segment)
    await place.pass(plan, WHOLE, { onSegment, onPoster: () => undefined, onProgress: () => undefined }, forever)
    const first = all.filter(({ number }) => number === 0).sort((one, other) => one.output - other.output)
    const shown = await Promise.all(
      [first[0]!, first.at(-1)!].map(async ({ path, initPath }, at) => {
        const joined = join(place.dir, `joined-${at}.mp4`)
        await writeFile(joined, Buffer.concat([await readFile(initPath), await readFile(path)]))
        return firstShown(joined, at === 0 ? 'v' : 'a')
      }),
    )
    const path = await mp4Of(place, plan, all)
    return { hls: shown[1]! - shown[0]!, mp4: (await firstShown(path, 'a')) - (await firstShown(path, 'v')) }
  } finally {
    await place.close()
  }
}

/** Nobody notices less (ITU-R BT.1359: 45 ms early, 125 ms late). */
const sameTime = (one: number, other: number) => expect(Math.abs(one - other)).toBeLessThan(0.045)

describe('sound that begins a second after the picture', () => {
  const late = async (name: string, options: readonly string[]) => {
    const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=320x240:r=30:d=4']
    const sound = ['-itsoffset', '1', '-f', 'lavfi', '-i', 'sine=440:r=48000:d=3']
    return clips.made(name, [...picture, ...sound, ...options])
  }
  // A few frames out of order, as most cameras write them.
  const bFrames = [...h264, '-preset', 'veryfast', '-bf', '3']

  it.each([
    ['copied', 'late.mkv', bFrames, (plan: Plan) => plan],
    [
      'copied and put together again for the MP4',
      'late-top.mkv',
      bFrames,
      (plan: Plan): Plan => ({ ...plan, download: 'top' }),
    ],
  ])('stays so when it is %s', async (_, name, options, change) => {
    const { hls, mp4 } = await lateness(await late(name, options), change)
    sameTime(hls, 1)
    sameTime(mp4, 1)
  })

  it('is led in by silence when it is encoded', async () => {
    const clip = await late('late-encoded.mkv', [...bFrames, '-c:a', 'ac3'])
    const { hls, mp4 } = await lateness(clip, (plan) => plan)
    sameTime(hls, 0)
    sameTime(mp4, 0)
  })
})

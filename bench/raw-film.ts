import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fitToContent } from '../apps/video-service/src/application/processing/fit-to-content.ts'
import { type Plan, planVideo } from '../apps/video-service/src/domain/media/plan.ts'
import type { Probe } from '../apps/video-service/src/domain/media/probe.ts'
import { planStoryboard, segmentsShown } from '../apps/video-service/src/domain/storyboard.ts'
import { type Abilities, files } from '../apps/video-service/src/infrastructure/ffmpeg/ffmpeg-arguments.ts'
import { FfmpegTranscoder } from '../apps/video-service/src/infrastructure/ffmpeg/ffmpeg-transcoder.ts'
import { latenessOf, passArguments } from '../apps/video-service/src/infrastructure/ffmpeg/pass-arguments.ts'
import { parseMediaPlaylist } from '../apps/video-service/src/infrastructure/ffmpeg/playlist.ts'
import {
  posterArguments,
  storyboardArguments,
} from '../apps/video-service/src/infrastructure/ffmpeg/still-arguments.ts'
import { seconds } from './record.ts'
import { productTools, runProgram } from './tools.ts'

/** What the product finds in a film and how it makes it. @param dir for the work of its probe */
export async function planOf(film: string, dir: string): Promise<{ probe: Probe; plan: Plan }> {
  const forever = new AbortController().signal
  const transcoder = new FfmpegTranscoder({ configured: process.env.BALCAO_FFMPEG, workDir: join(dir, 'work') })
  const place = await transcoder.open()
  try {
    await copyFile(film, join(place.dir, 'upload'))
    await place.take(join(place.dir, 'upload'))
    const probe = await place.probe(forever)
    if ('code' in probe) throw new Error(probe.code)
    const plan = planVideo(probe)
    if ('code' in plan) throw new Error(plan.code)
    return { probe, plan: await fitToContent(place, plan, probe, forever) }
  } finally {
    await place.close()
  }
}

/** Seconds that ffmpeg alone takes for the outputs of a plan: one command after another in an empty folder; no service,
 *  no sandbox, no store. */
export async function rawSeconds(film: string, plan: Plan, dir: string): Promise<number> {
  const { ffmpeg, abilities } = await productTools()
  const empty = await mkdtemp(join(dir, 'raw-'))
  await copyFile(film, join(empty, 'in'))
  const poster = posterArguments(plan, abilities)
  const commands = [
    passArguments(plan, abilities),
    ...(poster ? [poster] : []),
    ...(plan.download === 'top' ? [mp4Arguments(plan)] : []),
  ]
  const wall = await seconds(async () => {
    for (const args of commands) await runProgram(ffmpeg, args, empty)
    if (plan.picture) await runProgram(ffmpeg, await sheetArguments(plan, plan.picture, abilities, empty), empty)
  })
  await rm(empty, { recursive: true })
  return wall
}

/** The storyboard, of the segments of the smallest picture that the pass wrote. */
async function sheetArguments(plan: Plan, { rungs }: NonNullable<Plan['picture']>, abilities: Abilities, dir: string) {
  const smallest = rungs.length - 1
  const playlist = await readFile(join(dir, files.playlist(smallest)), 'utf8')
  const { init, segments } = parseMediaPlaylist(playlist)
  const durations = segments.map(({ durationSeconds }) => durationSeconds)
  const length = durations.reduce((sum, duration) => sum + duration, 0)
  const board = planStoryboard(length, rungs[smallest]!)
  const shown = segmentsShown(board, durations).map((number) => segments[number]!.file)
  const parts = [init!, ...shown].map((name) => `./${name}`)
  return storyboardArguments(parts, board, latenessOf(plan, abilities))
}

/** The file to download: a copy of the best picture and the sounds that the pass wrote. */
function mp4Arguments({ picture, sounds }: Plan): string[] {
  const outputs = [...(picture ? [0] : []), ...sounds.map((_, at) => (picture?.rungs.length ?? 0) + at)]
  return [
    ...['-v', 'error', '-nostdin', '-y'],
    ...outputs.flatMap((output) => ['-allowed_extensions', 'ALL', '-i', `${output}.m3u8`]),
    ...outputs.flatMap((_, input) => ['-map', String(input)]),
    ...['-c', 'copy', '-movflags', '+faststart', 'video.mp4'],
  ]
}

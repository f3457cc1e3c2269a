import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Plan, planVideo } from '../apps/video-service/src/domain/media/plan.ts'
import type { Probe } from '../apps/video-service/src/domain/media/probe.ts'
import { passArguments, posterArguments } from '../apps/video-service/src/infrastructure/ffmpeg/ffmpeg-arguments.ts'
import { FfmpegTranscoder } from '../apps/video-service/src/infrastructure/ffmpeg/ffmpeg-transcoder.ts'
import { seconds } from './record.ts'
import { productTools, runProgram } from './tools.ts'

/** What the product finds in a film and how it would make it. @param dir for the work of its probe */
export async function planOf(film: string, dir: string): Promise<{ probe: Probe; plan: Plan }> {
  const transcoder = new FfmpegTranscoder({ configured: process.env.BALCAO_FFMPEG, workDir: join(dir, 'work') })
  const place = await transcoder.open()
  try {
    await copyFile(film, join(place.dir, 'upload'))
    await place.take(join(place.dir, 'upload'))
    const probe = await place.probe(new AbortController().signal)
    if ('code' in probe) throw new Error(probe.code)
    const plan = planVideo(probe)
    if ('code' in plan) throw new Error(plan.code)
    return { probe, plan }
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
  })
  await rm(empty, { recursive: true })
  return wall
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

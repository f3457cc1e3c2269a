import type { EncodedPicture } from '../../domain/media/plan.ts'
import { type Abilities, anonymous, decoding, files, inputGuards, start } from './ffmpeg-arguments.ts'
import { presets, toBest, x264 } from './pass-arguments.ts'

const MADE = 'sample.nut'
const KEPT = 'sample_kept.nut'
export const sampleFiles = [MADE, KEPT]
/** Frames of each stretch. */
const FRAMES = 8
/** Stretches: one for a minute of film, but a few of a short one, in whose middle there may be nothing but black. */
const EACH = 60
const LEAST = 3
const MOST = 6
/** Seconds in which the frames of a stretch come, or are done without. */
const PATIENCE = 5

/** Encodes a few frames here and there as the best rung is, and keeps the same frames as they are. Each stretch begins at a
 *  key frame, before which nothing has to be decoded.  @param durationSeconds of the film; 0 for its beginning alone */
export function sampleArguments(picture: EncodedPicture, durationSeconds: number, abilities: Abilities): string[] {
  const stretches = durationSeconds > 0 ? Math.min(MOST, Math.max(LEAST, Math.round(durationSeconds / EACH))) : 1
  const numbers = Array.from({ length: stretches }, (_, number) => number)
  const at = (number: number) => ((durationSeconds * (number + 0.5)) / stretches).toFixed(3)
  const seek = (number: number) => (durationSeconds > 0 ? ['-noaccurate_seek', '-ss', at(number)] : [])
  // By their number: what counts is that both files show the same.
  const even = 'setpts=N/25/TB'
  const filter = [...toBest(picture, abilities, false), `trim=end_frame=${FRAMES}`, even].join(',')
  const graph = [
    ...numbers.map((number) => `[${number}:${picture.stream}]${filter}[s${number}]`),
    `${numbers.map((number) => `[s${number}]`).join('')}concat=n=${stretches},${even},split=2[made][kept]`,
  ]
  return [
    ...start,
    ...numbers.flatMap((number) => [
      ...[...seek(number), '-t', String(PATIENCE)],
      // Each input has a decoder, and each thread of one holds frames.
      ...[...inputGuards(), '-threads', '1', ...decoding(picture, abilities), '-i', files.input],
    ]),
    ...['-filter_complex', graph.join(';')],
    // By one thread on every machine the same.
    ...['-map', '[made]', ...x264(picture.rungs[0]!, 0), ...presets, '-threads', '1', ...anonymous, '-f', 'nut', MADE],
    ...['-map', '[kept]', '-c:v', 'libx264', '-preset', 'ultrafast', '-qp', '0', ...anonymous, '-f', 'nut', KEPT],
  ]
}

/** Compares them: VMAF v0.6.1, every other frame. */
export const compareArguments = ({ processors }: Abilities): string[] => [
  ...['-hide_banner', '-nostdin', '-i', MADE, '-i', KEPT],
  ...['-lavfi', `[0:v][1:v]libvmaf=n_threads=${processors}:n_subsample=2`, '-f', 'null', '-'],
]

/** @param said by that command  @returns 0 … 100; undefined where it tells nothing */
export function scoreIn(said: string): number | undefined {
  const score = /VMAF score: (\d+(?:\.\d+)?)/.exec(said)?.[1]
  return score === undefined ? undefined : Number(score)
}

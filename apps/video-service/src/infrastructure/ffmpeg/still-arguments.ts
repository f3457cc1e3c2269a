import type { FramePlan } from '../../domain/frames.ts'
import { A_HAIR } from '../../domain/media/extent.ts'
import type { Plan } from '../../domain/media/plan.ts'
import { isHdr, uprightSize, type VideoStream } from '../../domain/media/probe.ts'
import { fitLongSide, type Size } from '../../domain/media/size.ts'
import { POSTER_LONG_SIDE } from '../../domain/poster.ts'
import { LATE, type Storyboard } from '../../domain/storyboard.ts'
import {
  type Abilities,
  anonymous,
  decoding,
  files,
  inputGuards,
  namedColours,
  progress,
  start,
  TONEMAP,
} from './ffmpeg-arguments.ts'

const scaleTo = ({ width, height }: Size) => `scale=${width}:${height}`
const posterSize = (size: Size) => scaleTo(fitLongSide(size, POSTER_LONG_SIDE))

/** From the frames of a rung to the poster: the most typical of the first.
 *  @param hdr their transfer, where tones are to be mapped */
export function posterScale(picture: Size, hdr?: string): string {
  const scale = posterSize(picture)
  return [...(hdr ? [namedColours(hdr), scale, TONEMAP] : [scale]), 'setsar=1,thumbnail=n=48,format=yuvj420p'].join(',')
}

const lastJpeg = ['-q:v', '4', '-f', 'image2', '-update', '1', '-atomic_writing', '1', files.poster]
/** One thread: with more, the encoder keeps the only frame back until the pass ends. */
export const jpeg = ['-threads', '1', '-frames:v', '1', ...lastJpeg]

/** The poster where the pass made none: the most typical of the first frames, or the cover. */
export function posterArguments(plan: Plan, abilities: Abilities): string[] | undefined {
  if (!plan.poster) return undefined
  const { picture } = plan
  const encoded = picture?.how === 'encode' ? picture : undefined
  const hdr = abilities.zscale ? encoded?.hdr : undefined
  const fit = picture
    ? `${encoded?.deinterlace ? 'yadif,' : ''}${posterScale(picture.rungs.at(-1)!, hdr)}`
    : `scale='min(${POSTER_LONG_SIDE},iw)':-2,format=yuvj420p`
  const before = picture ? decoding(picture, abilities) : []
  const from = [...before, '-i', files.input, '-map', `0:${plan.poster.stream}`, '-vf', fit]
  return [...start, ...inputGuards(), ...from, ...anonymous, ...jpeg]
}

/** The poster of what a player shows at a moment: the last frame that begins by then, else the first there is.
 *  @param parts the init segment, then the one with the moment  @param atSeconds by the segment's own clock */
export function posterAtArguments(
  parts: readonly string[],
  shown: Size,
  atSeconds: number,
  { recent }: Abilities,
): string[] {
  const begun = `select='lte(t,${(atSeconds + A_HAIR).toFixed(6)})+eq(n,0)'`
  return [
    ...[...start, '-copyts', ...inputGuards('mov,mp4', 'file,concat'), '-i', `concat:${parts.join('|')}`],
    ...['-map', '0:v:0', '-vf', `${begun},${posterSize(shown)},setsar=1,format=yuvj420p`],
    // Each is written over the one before.
    ...[...(recent ? ['-fps_mode', 'passthrough'] : ['-vsync', 'passthrough']), ...anonymous, ...lastJpeg],
  ]
}

/** Long side of an image, at most: bounds its bytes. */
const FRAME_LONG_SIDE = 1920

/** One image at the beginning and one at each step after it, without drift, upright and in a screen's colours. */
export function framesArguments(
  video: VideoStream,
  { images, everySeconds }: FramePlan,
  abilities: Abilities,
): string[] {
  const hdr = isHdr(video) ? video.transfer! : undefined
  const filter = [
    `select='gte(t-start_t,selected_n*${everySeconds.toFixed(6)})'`,
    ...(video.interlaced ? ['yadif'] : []),
    ...(hdr && abilities.zscale ? [namedColours(hdr)] : []),
    scaleTo(fitLongSide(uprightSize(video), FRAME_LONG_SIDE)),
    ...(hdr && abilities.zscale ? [TONEMAP] : []),
    'format=yuvj420p',
  ].join(',')
  return [
    ...[...start, ...progress, ...inputGuards(), ...decoding({ ...video, stream: video.index }, abilities)],
    ...['-i', files.input, '-map', `0:${video.index}`, '-vf', filter],
    ...(abilities.recent ? ['-fps_mode', 'vfr'] : ['-vsync', 'vfr']),
    ...['-frames:v', String(images), '-q:v', '3', ...anonymous, '-f', 'image2', files.frame],
  ]
}

/** One sheet of a film's key frames: each picture is the last of them before its moment. Only key frames are decoded.
 *  @param parts the init segment, then segments of one rendition, in the job's directory
 *  @param lateness of their times, as `latenessOf` tells */
export function storyboardArguments(parts: readonly string[], board: Storyboard, lateness: number): string[] {
  const { everySeconds, pictures, columns } = board
  const filter = [
    scaleTo(board),
    'setsar=1',
    // The last key frame reaches its moment, although the film may end before.
    `tpad=stop_duration=${everySeconds.toFixed(6)}:stop_mode=clone`,
    `fps=${(1 / everySeconds).toFixed(9)}:start_time=${(lateness + LATE).toFixed(6)}:round=up`,
    // To the last moment, before which there may be no other key frame.
    'tpad=stop=-1:stop_mode=clone',
    `tile=${columns}x${Math.ceil(pictures / columns)}:nb_frames=${pictures}`,
    'format=yuvj420p',
  ].join(',')
  return [
    ...[...start, '-copyts', '-skip_frame', 'nokey', ...inputGuards('mov,mp4', 'file,concat')],
    ...['-i', `concat:${parts.join('|')}`, '-map', '0:v:0', '-vf', filter, ...anonymous],
    ...['-frames:v', '1', '-q:v', '5', '-f', 'image2', '-update', '1', files.storyboard],
  ]
}

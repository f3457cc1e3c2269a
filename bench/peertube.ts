import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Rung } from '../apps/video-service/src/domain/media/ladder.ts'
import { seconds } from './record.ts'
import { runProgram } from './tools.ts'

/** Bits a pixel that PeerTube aims at, by the lines of the picture (its packages/core-utils, videos/bitrate). */
const BITS: readonly (readonly [number, number])[] = [
  [2160, 0.08],
  [1440, 0.09],
  [1080, 0.1],
  [720, 0.11],
  [480, 0.12],
  [360, 0.15],
  [240, 0.17],
  [0, 0.19],
]
const LEAST_BITS = 0.02

export interface Source {
  readonly frameRate: number
  /** Bits a second of its picture; 0 where that is not known. */
  readonly bitRate: number
  readonly sound: 'none' | 'aac' | 'other'
}

/** What PeerTube runs for one resolution of a film by its defaults (packages/ffmpeg: default transcoding profile and VOD
 *  commands): an encode of its own straight to HLS in one file, x264 veryfast at its own crf of 23, a key frame every
 *  two seconds. @param into the name of what it writes */
export function peertubeArguments(input: string, rung: Rung, source: Source, into: string): string[] {
  const lines = Math.min(rung.width, rung.height)
  const bits = BITS.find(([least]) => lines >= least)![1]
  const rate = (perPixel: number) => Math.floor(rung.width * rung.height * source.frameRate * perPixel)
  const average = source.bitRate ? Math.min(rate(bits), source.bitRate * 1.3) : rate(bits)
  const target = Math.round(Math.max(rate(LEAST_BITS), average))
  const fps = Number(source.frameRate.toFixed(3))
  const scale = rung.width < rung.height ? `scale=w=${rung.width}:h=-2` : `scale=w=-2:h=${rung.height}`
  const sound = { none: ['-an'], aac: ['-c:a', 'copy'], other: ['-c:a', 'aac', '-b:a', '128k', '-ac', '2'] }[
    source.sound
  ]
  return [
    ...['-v', 'error', '-y', '-i', input, '-movflags', 'faststart', '-max_muxing_queue_size', '1024'],
    ...['-map_metadata', '-1', '-pix_fmt', 'yuv420p', '-vf', scale, '-c:v', 'libx264', '-preset', 'veryfast'],
    ...['-maxrate:v', String(target), '-bufsize:v', String(2 * target), '-b_strategy', '1', '-bf', '16'],
    ...['-r', String(fps), '-g:v', String(Math.round(fps * 2)), ...sound],
    ...['-hls_time', '4', '-hls_list_size', '0', '-hls_playlist_type', 'vod', '-hls_segment_type', 'fmp4'],
    ...['-hls_segment_filename', `${into}.mp4`, '-f', 'hls', '-hls_flags', 'single_file', `${into}.m3u8`],
  ]
}

/** Makes a film as PeerTube does, one resolution after another. @returns its seconds, the bytes it keeps, and the best
 *  picture, in a folder below `dir` */
export async function peertubeFilm(
  ffmpeg: string,
  input: string,
  rungs: readonly Rung[],
  source: Source,
  dir: string,
): Promise<{ wall: number; stored: number; top: string; forget(): Promise<void> }> {
  const place = await mkdtemp(join(dir, 'peertube-'))
  const wall = await seconds(async () => {
    for (const rung of rungs) await runProgram(ffmpeg, peertubeArguments(input, rung, source, rung.name), place)
  })
  const sizes = await Promise.all((await readdir(place)).map(async (name) => (await stat(join(place, name))).size))
  return {
    wall,
    stored: sizes.reduce((sum, size) => sum + size, 0),
    top: join(place, `${rungs[0]!.name}.mp4`),
    forget: () => rm(place, { recursive: true, force: true }),
  }
}

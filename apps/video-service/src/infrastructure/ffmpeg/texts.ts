import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { TextTrack } from '../../domain/media/tracks.ts'
import { MOST_TEXT_BYTES } from '../../domain/media/webvtt.ts'
import { files, inputGuards, progress, start } from './ffmpeg-arguments.ts'

const fileOf = ({ index }: TextTrack) => `text_${index}.vtt`

/** Every track of text as WebVTT, in one reading of the upload; of one that is longer than a film needs, the beginning. */
export function textArguments(tracks: readonly TextTrack[]): string[] {
  const outputs = tracks.flatMap((track) => [
    ...['-map', `0:${track.index}`, '-map_metadata', '-1', '-map_chapters', '-1'],
    ...['-c:s', 'webvtt', '-f', 'webvtt', '-fs', String(MOST_TEXT_BYTES), fileOf(track)],
  ])
  return [...start, ...progress, ...inputGuards(), '-i', files.input, ...outputs]
}

/** The files that hold something, by their stream's index. */
export async function textsIn(dir: string, tracks: readonly TextTrack[]): Promise<ReadonlyMap<number, string>> {
  const found = new Map<number, string>()
  for (const track of tracks) {
    const path = join(dir, fileOf(track))
    const size = await stat(path).then(
      (file) => file.size,
      () => 0,
    )
    if (size > 0) found.set(track.index, path)
  }
  return found
}

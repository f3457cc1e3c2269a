import { A_HAIR } from './media/extent.ts'
import type { PlaylistRendition } from './playlist.ts'
import { outputsOf } from './video.ts'

/** Pixels, at most. */
export const POSTER_LONG_SIDE = 640

/** Prefix of pictures of moments that an owner chose, in the media bucket: beside the films, which come and go. */
export function postersOf(video: { owner: string; jobId: string }): string {
  return `${outputsOf(video)}posters/`
}

/** Each choice has a key of its own: browsers keep what they have seen.  @param choice 1, 2, 3 … */
export function chosenPosterKey(video: { owner: string; jobId: string }, choice: number): string {
  return `${postersOf(video)}${choice}.jpg`
}

/** Which choice a key of `chosenPosterKey` is of. */
export function choiceInKey(key: string): number {
  return Number.parseInt(key.slice(key.lastIndexOf('/') + 1), 10)
}

type Picture = Pick<PlaylistRendition, 'name' | 'kind' | 'width' | 'height'>

/** Of the pictures of a film the smallest that fills a poster, else the largest. */
export function pictureForPoster<R extends Picture>(renditions: readonly R[]): R | undefined {
  const longSide = ({ width = 0, height = 0 }: R) => Math.max(width, height)
  const pictures = renditions.filter(({ kind }) => kind === 'video').sort((a, b) => longSide(a) - longSide(b))
  return pictures.find((picture) => longSide(picture) >= POSTER_LONG_SIDE) ?? pictures.at(-1)
}

/** Which segment a player shows at a moment; the last one goes on until the film ends.
 *  @param durations of the segments, in seconds  @returns its number, and how many seconds of it come before */
export function momentIn(durations: readonly number[], atSeconds: number): { number: number; intoSeconds: number } {
  let number = 0
  let begin = 0
  while (number < durations.length - 1 && begin + durations[number]! <= atSeconds + A_HAIR)
    begin += durations[number++]!
  return { number, intoSeconds: Math.max(0, atSeconds - begin) }
}

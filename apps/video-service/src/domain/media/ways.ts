import type { Probe } from './probe.ts'
import { type Rejection, rejections } from './rejections.ts'

/** The ways of making a film, each plainer than the one before: copying what can be copied; encoding everything, at an
 *  even rate; so, of the picture or of the sound alone, where nothing of the other can be decoded. */
export const WAYS = ['copy', 'encode', 'picture', 'sound'] as const
export type Way = (typeof WAYS)[number]

/** Whether anything at all comes out of the tracks that would be taken. */
export interface Decodes {
  readonly picture: boolean
  readonly sound: boolean
}

/** What a way takes of an upload. */
export function takenBy(way: Way, probe: Probe): Probe {
  if (way === 'picture') return { ...probe, sounds: [] }
  return way === 'sound' ? { ...probe, video: undefined } : probe
}

/** What to do after a way that gave no film that plays.
 *  @returns the next way; a rejection where nothing can be decoded; undefined where no other way would help */
export function wayAfter(way: Way, probe: Probe, decodes: Decodes): Way | Rejection | undefined {
  const sounds = probe.sounds.length > 0
  const [seen, heard] = [probe.video && decodes.picture, sounds && decodes.sound]
  if (!seen && !heard) return rejections.undecodable
  const next = probe.video && !seen ? 'sound' : sounds && !heard ? 'picture' : 'encode'
  return WAYS.indexOf(next) > WAYS.indexOf(way) ? next : undefined
}

import type { Probe } from './probe.ts'

/** What of an upload could not be read, as a pass over it told. */
export interface Damage {
  /** Pictures that were lost, or came out with parts missing. */
  readonly pictures: number
  /** Packets of sound that were lost. */
  readonly sounds: number
  /** Of film that is not there because bytes were skipped to find the next that make sense. */
  readonly skippedSeconds: number
  /** Nothing that makes sense was found any more, before the file's end. */
  readonly gaveUp: boolean
}

/** Of each so many may be lost where a film begins or ends, without anybody noticing. */
const TOLERATED = 3
const NOTICED_SECONDS = 0.25

/** Whether somebody who watches would notice. Pictures at the beginning of what was cut out of a longer film need others
 *  that are not there: that is no damage. */
export function isNoticed({ pictures, sounds, skippedSeconds, gaveUp }: Damage, { video }: Probe): boolean {
  if (gaveUp) return true
  return pictures > (video?.leading ?? 0) + TOLERATED || sounds > TOLERATED || skippedSeconds > NOTICED_SECONDS
}

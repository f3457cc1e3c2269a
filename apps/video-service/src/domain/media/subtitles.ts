import { isTelemetry } from './telemetry.ts'
import { LEFT_OUT, type LeftOut } from './tracks.ts'
import { type Cue, MOST_TEXT_BYTES, plainText, readCues } from './webvtt.ts'

/** What becomes of a track of text: cues for those who watch, or why there are none.
 *  @param webvtt as ffmpeg wrote it; undefined where it wrote nothing */
export function subtitlesOf(webvtt: Buffer | undefined): readonly Cue[] | LeftOut {
  if (!webvtt) return LEFT_OUT.unreadable
  const cues = webvtt.length < MOST_TEXT_BYTES ? readCues(webvtt.toString()) : undefined
  if (!cues) return LEFT_OUT.tooMuch
  if (cues.length === 0) return LEFT_OUT.unreadable
  return isTelemetry(cues.map(plainText)) ? LEFT_OUT.readings : cues
}

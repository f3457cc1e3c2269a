import { type Size, withLongSide } from './media/size.ts'

/** Small pictures of a film at even steps, on one sheet: what a person sees who looks for a moment in it. */
export interface Storyboard {
  /** Seconds. The first is of the beginning. */
  readonly everySeconds: number
  readonly pictures: number
  /** Of the sheet; the last row may be shorter. */
  readonly columns: number
  /** Of each picture, in pixels. */
  readonly width: number
  readonly height: number
}

const MAX_PICTURES = 100
const MAX_COLUMNS = 10
/** Seconds: closer together they would show what the seek bar cannot tell apart. */
const LEAST_STEP = 2
/** Seconds by which a key frame may come after its moment: pictures out of order, or the sound's lead-in, delay those
 *  that are copied by a few frames. */
export const LATE = 0.1
/** Pixels. */
const LONG_SIDE = 160

/** What a sheet holds.  @param shown the picture as it is seen, upright; only its shape counts */
export function planStoryboard(durationSeconds: number, shown: Size): Storyboard {
  const everySeconds = Math.max(LEAST_STEP, durationSeconds / MAX_PICTURES)
  const pictures = Math.min(MAX_PICTURES, Math.max(1, Math.ceil(durationSeconds / everySeconds)))
  return { everySeconds, pictures, columns: Math.min(MAX_COLUMNS, pictures), ...withLongSide(shown, LONG_SIDE) }
}

/** Which segments hold its pictures: for each the last that begins by then, since a picture is the last key frame before
 *  its moment.  @param durations of the segments, in seconds  @returns their numbers, in order */
export function segmentsShown({ everySeconds, pictures }: Storyboard, durations: readonly number[]): number[] {
  const shown: number[] = []
  let begin = 0
  let picture = 0
  const isBefore = (end: number) => picture < pictures && picture * everySeconds + LATE < end
  for (const [number, duration] of durations.entries()) {
    const end = number === durations.length - 1 ? Number.POSITIVE_INFINITY : begin + duration
    if (isBefore(end)) shown.push(number)
    while (isBefore(end)) picture++
    begin = end
  }
  return shown
}

/** The sheet as a track of thumbnails, which players know as WebVTT with a rectangle for each cue (W3C Media Fragments
 *  §4.2.2).  @param url of the sheet */
export function storyboardTrack(board: Storyboard, url: string): string {
  const { everySeconds, pictures, columns, width, height } = board
  const cues = Array.from({ length: pictures }, (_, index) => {
    const [x, y] = [(index % columns) * width, Math.floor(index / columns) * height]
    const [begin, end] = [index * everySeconds, (index + 1) * everySeconds]
    return `${timestamp(begin)} --> ${timestamp(end)}\n${url}#xywh=${x},${y},${width},${height}\n`
  })
  return ['WEBVTT\n', ...cues].join('\n')
}

/** WebVTT §4.1. */
function timestamp(seconds: number): string {
  const milliseconds = Math.round(seconds * 1000)
  const part = (value: number, digits = 2) => String(Math.floor(value)).padStart(digits, '0')
  const [hours, minutes] = [milliseconds / 3_600_000, (milliseconds / 60_000) % 60]
  return `${part(hours)}:${part(minutes)}:${part((milliseconds / 1000) % 60)}.${part(milliseconds % 1000, 3)}`
}

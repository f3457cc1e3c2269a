/** Text that is shown for a while. */
export interface Cue {
  /** Seconds of film. */
  readonly begin: number
  readonly end: number
  /** Lines, in which only `<b>`, `<i>` and `<u>` are marks; all else is escaped (W3C WebVTT §3.5). */
  readonly text: string
}

/** Bytes of a track of text that are read. */
export const MOST_TEXT_BYTES = 8 * 1024 ** 2
const MOST_CUES = 20_000
/** Characters of a line. */
const MOST_TEXT = 2000
/** Seconds for a cue that does not say how long it stays. */
const UNTOLD = 5

const TIMING = /^((?:\d{1,4}:)?\d{2}:\d{2}\.\d{3})[ \t]+-->[ \t]+((?:\d{1,4}:)?\d{2}:\d{2}\.\d{3})/
/** Marks and entities that stay, other marks, and what is no mark. */
const SPECIAL = /<\/?[biu]>|&(?:amp|lt|gt|nbsp|lrm|rlm);|<\/?[a-zA-Z][^<>]*>|[<>&]/g
/** Shapes that subtitles of the ASS format draw. */
const DRAWING = /^m(?: -?\d+(?:\.\d+)?){2} (?:[a-z]|-?\d)/

/** Cues out of WebVTT that somebody else wrote: times in order, and text that can do nothing but be read.
 *  @returns undefined for more than a film can have */
export function readCues(webvtt: string): Cue[] | undefined {
  const cues: Cue[] = []
  for (const block of webvtt.replaceAll(/\r\n?/g, '\n').split(/\n{2,}/)) {
    const lines = block.split('\n')
    const at = lines.findIndex((line) => TIMING.test(line))
    if (at < 0) continue
    const [, begin, end] = TIMING.exec(lines[at]!)!
    const text = textOf(lines.slice(at + 1))
    if (text === '' || DRAWING.test(text)) continue
    if (cues.length === MOST_CUES) return undefined
    cues.push({ begin: seconds(begin!), end: seconds(end!), text })
  }
  cues.sort((one, other) => one.begin - other.begin)
  return cues.map((cue, at) =>
    cue.end > cue.begin ? cue : { ...cue, end: Math.max(cue.begin + 0.001, until(cue, cues[at + 1])) },
  )
}

const until = ({ begin }: Cue, next: Cue | undefined) =>
  Math.min(begin + UNTOLD, next?.begin ?? Number.POSITIVE_INFINITY)

const seconds = (clock: string) => clock.split(':').reduce((sum, part) => 60 * sum + Number(part), 0)

/** One line after the other, none of them empty, which would end the cue. */
function textOf(lines: readonly string[]): string {
  return lines
    .map((line) =>
      line
        .slice(0, MOST_TEXT)
        .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]/gu, ' ')
        .toWellFormed(),
    )
    .map((line) => line.replaceAll(SPECIAL, written).trim())
    .filter((line) => line !== '')
    .join('\n')
}
const written = (mark: string) => ESCAPES[mark] ?? (STAYS.test(mark) ? mark : '')
const STAYS = /^(?:&|<\/?[biu]>)/
const ESCAPES: Readonly<Record<string, string>> = { '<': '&lt;', '>': '&gt;', '&': '&amp;' }

/** What a cue says, without marks. */
export const plainText = ({ text }: Cue): string =>
  text
    .replaceAll(/<\/?[biu]>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll(/&(?:nbsp|lrm|rlm);/g, ' ')
    .replaceAll('&amp;', '&')

/** Ticks a second of MPEG's clock. */
const MPEG_TICKS = 90_000

/** A rendition of subtitles in one segment (RFC 8216 §3.5).
 *  @param lateness seconds by which the times in the segments of the film are late */
export function writeWebvtt(cues: readonly Cue[], lateness: number): string {
  return [
    `WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:${Math.round(lateness * MPEG_TICKS)},LOCAL:00:00:00.000\n`,
    ...cues.map(({ begin, end, text }) => `${clock(begin)} --> ${clock(end)}\n${text}\n`),
  ].join('\n')
}

/** `01:02:03.456`. */
function clock(value: number): string {
  const ms = Math.round(value * 1000)
  const two = (part: number) => String(Math.floor(part)).padStart(2, '0')
  return `${two(ms / 3_600_000)}:${two((ms / 60_000) % 60)}:${two((ms / 1000) % 60)}.${String(ms % 1000).padStart(3, '0')}`
}

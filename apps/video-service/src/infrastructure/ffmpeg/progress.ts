/** Tells of what ffmpeg's `-progress` lines say.  @returns takes a line, and answers whether it shows that ffmpeg moved on */
export function followProgress(onProgress: (seconds: number) => void): (line: string) => boolean {
  const reader = new ProgressReader()
  return (line) => {
    const moved = reader.line(line)
    if (line.startsWith('progress=')) onProgress(reader.seconds)
    return moved
  }
}

/** Reads ffmpeg's `-progress` lines: `key=value`, about twice a second. */
export class ProgressReader {
  readonly #last = new Map<string, string>()

  /** Seconds of film written so far. */
  seconds = 0

  /** @returns whether the line shows that ffmpeg moved on; one that is stuck repeats the same numbers */
  line(line: string): boolean {
    const [key, value] = line.split('=', 2) as [string, string | undefined]
    const time = key === 'out_time_us' || key === 'out_time_ms' // both count microseconds; the second is misnamed
    if (!value || !(time || key === 'frame' || key === 'total_size')) return false
    if (time && Number.isFinite(Number(value))) this.seconds = Math.max(this.seconds, Number(value) / 1e6)
    const moved = this.#last.get(key) !== value
    this.#last.set(key, value)
    return moved
  }
}

/** What ffmpeg says of bytes that it cannot use, 5.1 and 7.0: it goes on without them, and ends as if nothing were. */
const sayings = {
  lost: /Error while decoding stream #0:(\d+)|\[[va]ist#0:(\d+)\/.*Error submitting packet to decoder/,
  broken: /corrupt decoded frame|Error applying bitstream filters/,
  gaveUp: /max resync size reached/,
  skipped:
    /corrupt input packet|Packet corrupt|invalid as first byte of an EBML number|exceeds containing master element/,
} as const
const REPEATED = /Last message repeated (\d+) times/

/** Counts what could not be decoded by what ffmpeg writes on standard error, at the level of its warnings. */
export class DamageReader {
  /** Packets by the index of their stream. */
  readonly lost = new Map<number, number>()
  /** Pictures that came out with parts missing. */
  broken = 0
  /** Bytes were left out to find the next that make sense. */
  skipped = false
  /** It looked for such bytes in vain. */
  gaveUp = false
  #last = (_times: number) => {}

  line(text: string): void {
    const again = REPEATED.exec(text)
    if (!again) this.#last = this.#meaning(text)
    this.#last(again ? Number(again[1]) : 1)
  }

  #meaning(text: string): (times: number) => void {
    const lost = sayings.lost.exec(text)
    if (lost) {
      const stream = Number(lost[1] ?? lost[2])
      return (times) => void this.lost.set(stream, (this.lost.get(stream) ?? 0) + times)
    }
    if (sayings.broken.test(text)) return (times) => void (this.broken += times)
    if (sayings.gaveUp.test(text)) this.gaveUp = true
    if (sayings.skipped.test(text)) this.skipped = true
    return () => {}
  }
}

/** Seconds above which a step of a clock is another clock, as ffmpeg takes it (`-dts_delta_threshold`). */
const OTHER_CLOCK = 10

/** Finds the longest time of which a stream has no packet, by their times in the file's order. */
export class GapReader {
  #end: number | undefined
  /** Seconds. */
  longest = 0

  add(time: number): void {
    if (!Number.isFinite(time)) return
    const step = this.#end === undefined ? 0 : time - this.#end
    if (step > this.longest && step < OTHER_CLOCK) this.longest = step
    if (this.#end === undefined || time > this.#end || step < -OTHER_CLOCK) this.#end = time
  }
}

/** How far back a speed looks. */
const WINDOW_MS = 6000

/** Bytes per second over the last seconds, from what was counted so far. */
export class SpeedMeter {
  #samples: { at: number; total: number }[] = []

  /** @param total bytes sent up to now @param at milliseconds */
  note(total: number, at: number): void {
    this.#samples.push({ at, total })
    while (this.#samples.length > 2 && at - this.#samples[0]!.at > WINDOW_MS) this.#samples.shift()
  }

  /** Bytes per second; undefined until there is something to compare. */
  get perSecond(): number | undefined {
    const [first, last] = [this.#samples[0], this.#samples.at(-1)]
    if (!first || !last || last.at - first.at < 250) return undefined
    return Math.max(0, ((last.total - first.total) * 1000) / (last.at - first.at))
  }

  reset(): void {
    this.#samples = []
  }
}

/** Chance that can be had again: one seed, one sequence (mulberry32). */
export class Dice {
  #state: number

  /** @param name of whoever throws them, so that each has a sequence of their own */
  constructor(
    readonly seed: number,
    name: string,
  ) {
    this.#state = [...name].reduce((state, letter) => Math.imul(state ^ letter.charCodeAt(0), 0x01000193), seed)
  }

  /** 0 … 1, 1 never. */
  part(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }

  /** A whole number from `least` to `most`. */
  between(least: number, most: number): number {
    return least + Math.floor(this.part() * (most - least + 1))
  }

  /** One of them, more often where its number is higher. */
  weighted<Name extends string>(chances: Readonly<Record<Name, number>>): Name {
    const entries = Object.entries(chances) as [Name, number][]
    let left = this.part() * entries.reduce((sum, [, chance]) => sum + chance, 0)
    return entries.find(([, chance]) => (left -= chance) < 0)?.[0] ?? entries[0]![0]
  }

  one<T>(of: readonly T[]): T | undefined {
    return of[Math.floor(this.part() * of.length)]
  }
}

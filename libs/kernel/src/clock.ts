/** Time as a dependency, so that tests move it by hand. */
export interface Clock {
  now(): Date
}

export const systemClock: Clock = { now: () => new Date() }

/** A clock that stands still until it is told to move. */
export class ManualClock implements Clock {
  #now: number

  constructor(start: Date | string = '2026-01-15T12:00:00Z') {
    this.#now = new Date(start).getTime()
  }

  now(): Date {
    return new Date(this.#now)
  }

  /** Moves time forward. @param seconds may be a fraction */
  advance(seconds: number): void {
    this.#now += seconds * 1000
  }
}

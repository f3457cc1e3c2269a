import { tooManyRequests } from '../domain/refusal.ts'

/** At most this many wait for one name. */
const LONGEST_LINE = 64

/** Lets work under one name run one after the other, in this process. */
export class Turns {
  readonly #lines = new Map<string, { last: Promise<unknown>; length: number }>()

  /** @throws AppError TooManyRequestsException when the line is too long */
  async take<T>(name: string, work: () => Promise<T>): Promise<T> {
    const line = this.#lines.get(name) ?? { last: Promise.resolve(), length: 0 }
    if (line.length >= LONGEST_LINE) throw tooManyRequests()
    const turn = line.last.then(work)
    // A turn that fails must not fail those that wait behind it.
    line.last = turn.catch(() => undefined)
    line.length++
    this.#lines.set(name, line)
    try {
      return await turn
    } finally {
      if (--line.length === 0) this.#lines.delete(name)
    }
  }
}

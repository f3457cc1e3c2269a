/** Lets work under one name run one after the other, in this process. */
export class Turns {
  readonly #lines = new Map<string, { last: Promise<unknown>; length: number }>()

  /** @param limit how many may be in the line of one name, and the error for who comes then; without it, any number */
  constructor(private readonly limit?: { readonly longest: number; readonly tooLong: () => Error }) {}

  /** @throws what `work` throws, and the error of the limit where the line is too long */
  async take<T>(name: string, work: () => Promise<T>): Promise<T> {
    const line = this.#lines.get(name) ?? { last: Promise.resolve(), length: 0 }
    if (this.limit && line.length >= this.limit.longest) throw this.limit.tooLong()
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

import type { Logger } from 'pino'

/** A loop that works while there is work, then sleeps until it is woken or `pollSeconds` have passed. It runs in the
 *  asynchronous context of whoever makes it, so nobody makes one within a transaction. */
export class Wakeable {
  readonly #finished: Promise<void>
  #closed = false
  #woken = false
  #rouse: () => void = () => undefined

  /** @param work one step; returns whether the next may follow at once. One that throws is logged and tried later. */
  constructor(
    private readonly pollSeconds: number,
    private readonly log: Logger,
    private readonly work: () => Promise<boolean>,
  ) {
    this.#finished = this.#run()
  }

  /** May be called at any time; a call during a step makes another step follow. */
  wake(): void {
    this.#woken = true
    this.#rouse()
  }

  /** Resolves when the step that runs, if any, is over. */
  async close(): Promise<void> {
    this.#closed = true
    this.wake()
    await this.#finished
  }

  async #run(): Promise<void> {
    await Promise.resolve() // the owner is still in its constructor
    while (!this.#closed) {
      this.#woken = false
      if (!(await this.#step()) && !this.#woken) await this.#sleep()
    }
  }

  async #step(): Promise<boolean> {
    try {
      return await this.work()
    } catch (error) {
      if (!this.#closed) this.log.warn({ err: error }, 'a background step failed and will be tried again')
      return false
    }
  }

  #sleep(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, this.pollSeconds * 1000)
      this.#rouse = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}

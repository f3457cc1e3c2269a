import { parsed } from '../domain/notification.ts'
import type { HearNotification } from './hear-notification.ts'
import type { Message, Notifications } from './notifications.ts'

/** Takes notifications out of a queue until it is closed. A message is removed once what it says is published; one that
 *  cannot be taken stays, and comes again until the queue's own policy puts it aside (D1-31). */
export class Listen {
  readonly #closing = new AbortController()

  constructor(
    private readonly queue: Notifications,
    private readonly hear: HearNotification,
    private readonly onLeft: (error: unknown) => void,
  ) {}

  /** @throws Error where the queue does not answer */
  async run(): Promise<void> {
    const { signal } = this.#closing
    while (!signal.aborted) {
      const messages = await this.queue.receive(signal).catch((error: unknown) => {
        if (!signal.aborted) throw error
        return []
      })
      const taken: Message[] = []
      for (const message of messages) if (await this.#take(message)) taken.push(message)
      if (taken.length > 0) await this.queue.remove(taken)
    }
  }

  close(): void {
    this.#closing.abort()
  }

  async #take({ text }: Message): Promise<boolean> {
    try {
      await this.hear.run(parsed(text))
      return true
    } catch (error) {
      this.onLeft(error)
      return false
    }
  }
}

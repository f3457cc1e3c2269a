import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import type { Logger } from 'pino'

interface Subscription {
  readonly channel: string
  onMessage(payload: string): void
  onGap?(): void
}

/** One connection that hears NOTIFY for all subscriptions of a process's Sql; it comes back by itself when it breaks. */
export class PgListener {
  readonly #url: string
  readonly #log: Logger
  readonly #subscriptions = new Set<Subscription>()
  readonly #closing = new AbortController()
  #client: Promise<pg.Client> | undefined

  constructor(url: string, log: Logger) {
    this.#url = url
    this.#log = log
  }

  async listen(
    channel: string,
    onMessage: (payload: string) => void,
    onGap?: () => void,
  ): Promise<{ close(): Promise<void> }> {
    const subscription: Subscription = { channel, onMessage, ...(onGap ? { onGap } : {}) }
    this.#subscriptions.add(subscription)
    try {
      this.#client ??= this.#connect().catch((error: unknown) => {
        this.#client = undefined
        throw error
      })
      const client = await this.#client
      await client.query(`listen ${pg.escapeIdentifier(channel)}`)
    } catch (error) {
      this.#subscriptions.delete(subscription)
      throw error
    }
    return { close: async () => void this.#subscriptions.delete(subscription) }
  }

  async close(): Promise<void> {
    this.#closing.abort()
    const client = await this.#client?.catch(() => undefined)
    await client?.end().catch(() => undefined)
  }

  async #connect(): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: this.#url, application_name: 'balcao-listen', keepAlive: true })
    client.on('notification', ({ channel, payload }) => {
      for (const subscription of this.#subscriptions) {
        if (subscription.channel === channel) subscription.onMessage(payload ?? '')
      }
    })
    client.on('error', (error) => this.#log.warn({ err: error }, 'the connection that listens broke'))
    try {
      await client.connect()
      for (const channel of this.#channels()) await client.query(`listen ${pg.escapeIdentifier(channel)}`)
    } catch (error) {
      await client.end().catch(() => undefined)
      throw error
    }
    // Only now: whoever asked for a connection that broke before tries again itself.
    client.on('end', () => {
      if (!this.#closing.signal.aborted) this.#client = this.#reconnect()
    })
    return client
  }

  #channels(): ReadonlySet<string> {
    return new Set([...this.#subscriptions].map(({ channel }) => channel))
  }

  async #reconnect(): Promise<pg.Client> {
    for (let wait = 100; ; wait = Math.min(wait * 2, 5000)) {
      await delay(wait, undefined, { signal: this.#closing.signal })
      try {
        const client = await this.#connect()
        for (const subscription of this.#subscriptions) subscription.onGap?.()
        return client
      } catch (error) {
        this.#log.debug({ err: error }, 'the database is not back yet')
      }
    }
  }
}

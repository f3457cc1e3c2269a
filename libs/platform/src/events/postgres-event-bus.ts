import { AsyncLocalStorage } from 'node:async_hooks'
import { type Topic, topics } from '@balcao/contracts'
import type { Clock } from '@balcao/kernel'
import type { Logger } from 'pino'
import { z } from 'zod'
import { currentTraceparent } from '../observability/span.ts'
import { toJson } from '../sql/json.ts'
import type { Sql } from '../sql/sql.ts'
import { Wakeable } from '../wakeable.ts'
import { Consumer } from './consumer.ts'
import type { EventBus } from './event-bus.ts'
import { BUS_CHANNEL, relayBatch, sweepPublished } from './relay.ts'

const POLL_SECONDS = 2
const SWEEP_EVERY_MS = 3_600_000

export interface PostgresEventBusOptions {
  /** The service's own. */
  readonly sql: Sql
  readonly log: Logger
  readonly clock: Clock
  /** How long an event may wait when the word that would have woken us was lost. */
  readonly pollSeconds?: number
}

/** Events between services of one database. A publisher's process carries its outbox over into `bus.deliveries`, one
 *  row per subscribed consumer, and each consumer's processes take theirs from there.
 *  An event that nobody has ever subscribed to waits in the outbox for the first consumer; a consumer that joins others
 *  gets what is carried over from then on. */
export class PostgresEventBus implements EventBus {
  readonly #options: Required<PostgresEventBusOptions>
  readonly #relay: Wakeable
  readonly #consumers: Consumer[] = []
  // Our loops must not run in the transaction of whoever called first.
  readonly #outside = AsyncLocalStorage.snapshot()
  #sweptAt = 0

  constructor(options: PostgresEventBusOptions) {
    this.#options = { pollSeconds: POLL_SECONDS, ...options }
    // Runs from the start: an earlier process may have died between its commit and the relay.
    this.#relay = new Wakeable(this.#options.pollSeconds, options.log, () => this.#carryOver())
  }

  async publish<T extends Topic>(topic: T, id: string, payload: z.infer<(typeof topics)[T]>): Promise<void> {
    const { sql, clock } = this.#options
    await sql.run(
      `insert into outbox (topic, event_id, payload, traceparent, created_at) values ($1, $2, $3, $4, $5)
       on conflict (topic, event_id) do nothing`,
      [topic, id, toJson(z.encode(topics[topic], payload)), currentTraceparent() ?? null, clock.now()],
    )
    sql.afterCommit(() => this.#relay.wake())
  }

  async subscribe<T extends Topic>(
    topic: T,
    consumer: string,
    handler: (payload: z.infer<(typeof topics)[T]>) => Promise<void>,
  ): Promise<void> {
    await this.#outside(async () => {
      await this.#options.sql.run('insert into bus.subscriptions values ($1, $2) on conflict do nothing', [
        topic,
        consumer,
      ])
      // The schema of a topic is that topic's, which the compiler cannot follow through the index.
      const handle = (payload: unknown) => handler(topics[topic].parse(payload) as never)
      this.#consumers.push(await Consumer.start({ ...this.#options, topic, name: consumer, handle }))
      await this.#options.sql.query('select pg_notify($1, $2)', [BUS_CHANNEL, topic])
    })
  }

  async close(): Promise<void> {
    await Promise.all([this.#relay.close(), ...this.#consumers.map((consumer) => consumer.close())])
  }

  /** @returns whether there may be more to do at once */
  async #carryOver(): Promise<boolean> {
    const { sql, clock } = this.#options
    if (clock.now().getTime() - this.#sweptAt > SWEEP_EVERY_MS) {
      this.#sweptAt = clock.now().getTime()
      await sweepPublished(sql, clock.now())
    }
    return relayBatch(sql, clock.now())
  }
}

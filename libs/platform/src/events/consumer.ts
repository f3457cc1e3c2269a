import type { Clock } from '@balcao/kernel'
import type { Logger } from 'pino'
import { redactText } from '../observability/redact.ts'
import { span, withTraceparent } from '../observability/span.ts'
import type { Sql } from '../sql/sql.ts'
import { Wakeable } from '../wakeable.ts'
import { BUS_CHANNEL } from './relay.ts'

const TRIES = 10
const LONGEST_WAIT_SECONDS = 300

interface Delivery {
  id: bigint
  event_id: string
  payload: unknown
  traceparent: string | null
}

export interface ConsumerOptions {
  readonly sql: Sql
  readonly log: Logger
  readonly clock: Clock
  readonly pollSeconds: number
  readonly topic: string
  readonly name: string
  readonly handle: (payload: unknown) => Promise<void>
}

/** Takes a consumer's deliveries one by one, in about the order of the events. One that fails comes again after
 *  1, 2, 4 … 300 s while others go on; after the tenth failure it stays in `bus.deliveries`, dead, with its error. */
export class Consumer {
  readonly #loop: Wakeable
  #listening: { close(): Promise<void> } | undefined

  private constructor(private readonly options: ConsumerOptions) {
    this.#loop = new Wakeable(options.pollSeconds, options.log, () => this.#next())
  }

  static async start(options: ConsumerOptions): Promise<Consumer> {
    const consumer = new Consumer(options)
    consumer.#listening = await options.sql.listen(
      BUS_CHANNEL,
      (topic) => topic === options.topic && consumer.#loop.wake(),
      () => consumer.#loop.wake(),
    )
    // What was carried over before we listened.
    consumer.#loop.wake()
    return consumer
  }

  async close(): Promise<void> {
    await this.#listening?.close()
    await this.#loop.close()
  }

  /** @returns whether there was one */
  async #next(): Promise<boolean> {
    const { sql } = this.options
    let taken: Delivery | undefined
    try {
      await sql.transaction(async () => {
        taken = await this.#claim()
        if (taken) await this.#apply(taken)
      })
    } catch (error) {
      if (!taken) throw error
      await this.#postpone(taken, error as Error)
    }
    return taken !== undefined
  }

  #claim(): Promise<Delivery | undefined> {
    const { sql, topic, name, clock } = this.options
    return sql.first<Delivery>(
      `select id, event_id, payload, traceparent from bus.deliveries
       where topic = $1 and consumer = $2 and dead_at is null and next_at <= $3
       order by next_at, id limit 1 for update skip locked`,
      [topic, name, clock.now()],
    )
  }

  /** The inbox row, the handler's writes and the end of the delivery commit together or not at all. */
  async #apply({ id, event_id, payload, traceparent }: Delivery): Promise<void> {
    const { sql, topic, name, clock, handle } = this.options
    const isNew = await sql.run('insert into inbox values ($1, $2, $3, $4) on conflict do nothing', [
      topic,
      name,
      event_id,
      clock.now(),
    ])
    if (isNew)
      await withTraceparent(traceparent, () => span(`event ${topic}`, { consumer: name }, () => handle(payload)))
    await sql.run('delete from bus.deliveries where id = $1', [id])
  }

  async #postpone(delivery: Delivery, error: Error): Promise<void> {
    const { sql, topic, name, clock, log } = this.options
    const now = clock.now()
    const row = await sql.first<{ attempts: number; dead_at: Date | null }>(
      `update bus.deliveries set
         attempts = attempts + 1,
         error = $2,
         next_at = $3::timestamptz + least(2 ^ attempts, ${LONGEST_WAIT_SECONDS}) * interval '1 second',
         dead_at = case when attempts + 1 >= ${TRIES} then $3::timestamptz end
       where id = $1 returning attempts, dead_at`,
      [delivery.id, redactText(`${error.name}: ${error.message}`).slice(0, 500), now],
    )
    const facts = { err: error, topic, consumer: name, event: delivery.event_id, attempts: row?.attempts }
    if (row?.dead_at) log.error(facts, 'an event was given up after its last try')
    else log.warn(facts, 'an event could not be handled and will come again')
  }
}

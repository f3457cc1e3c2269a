import type { JobWithMetadata, PgBoss } from 'pg-boss'
import type { Logger } from 'pino'
import type { Sql } from '../sql/sql.ts'

const UNIQUE_VIOLATION = '23505'

/** What pg-boss answers when it settles or touches messages; its types leave it empty. */
export interface Affected {
  readonly affected: number
  readonly settled: readonly string[]
}

export interface HandBackOptions {
  readonly boss: PgBoss
  readonly sql: Sql
  readonly log: Logger
  readonly channel: string
  readonly queue: string
}

/** Puts a message that was taken and not finished back, ready for anybody at once and without counting the try. */
export class HandBack {
  constructor(private readonly options: HandBackOptions) {}

  async give(message: JobWithMetadata<object>): Promise<void> {
    const { sql, log, queue } = this.options
    try {
      await sql.transaction(() => this.#requeue(message))
    } catch (error) {
      // A newer message with the same key waits already, and one is enough.
      if ((error as { code?: string }).code === UNIQUE_VIOLATION) await this.options.boss.complete(queue, message)
      else log.warn({ err: error, queue, job: message.id }, 'a job could not be handed back; it comes again by itself')
    }
  }

  /** pg-boss has no word for it: cancelled and resumed, which only succeeds while this attempt is the one that runs. */
  async #requeue({ id, retryCount, retryLimit }: JobWithMetadata<object>): Promise<void> {
    const { boss, sql, channel, queue } = this.options
    const db = { executeSql: async (text: string, values?: unknown[]) => ({ rows: await sql.query(text, values) }) }
    const cancelled = (await boss.cancel(queue, { id, retryCount }, { db })) as Affected
    if (cancelled.affected === 0) return
    await boss.resume(queue, id, { db })
    await boss.update(queue, undefined, { id, retryLimit: retryLimit + 1, db })
    await sql.query('select pg_notify($1, $2)', [channel, queue])
  }
}

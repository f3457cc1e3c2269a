import { AsyncLocalStorage } from 'node:async_hooks'
import type { Logger } from 'pino'
import type { Sql } from '../sql/sql.ts'
import { Schedule } from './schedule.ts'
import type { Scheduler } from './scheduler.ts'

/** Scheduler on the table `schedules` of the service's schema. */
export class PgScheduler implements Scheduler {
  readonly #schedules: Schedule[] = []
  // Our loops must not run in the transaction of whoever called first.
  readonly #outside = AsyncLocalStorage.snapshot()

  constructor(
    private readonly sql: Sql,
    private readonly log: Logger,
  ) {}

  async every(name: string, seconds: number, handler: () => Promise<void>): Promise<void> {
    const { sql, log } = this
    await this.#outside(async () => {
      this.#schedules.push(await Schedule.start({ sql, log, name, seconds, handler }))
    })
  }

  async close(): Promise<void> {
    await Promise.all(this.#schedules.map((schedule) => schedule.close()))
  }
}

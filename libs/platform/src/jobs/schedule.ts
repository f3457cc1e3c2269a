import type { Logger } from 'pino'
import type { Sql } from '../sql/sql.ts'
import { Wakeable } from '../wakeable.ts'

const LEASE_SECONDS = 30
const RENEW_MS = 10_000

export interface ScheduleOptions {
  readonly sql: Sql
  readonly log: Logger
  readonly name: string
  readonly seconds: number
  readonly handler: () => Promise<void>
}

/** Runs a task about every `seconds` in one process at a time: its row says when it is due, and a lease says who runs
 *  it. A process that dies loses its lease after 30 s. Times are the database's. */
export class Schedule {
  readonly #loop: Wakeable

  private constructor(private readonly options: ScheduleOptions) {
    this.#loop = new Wakeable(options.seconds, options.log, () => this.#turn())
  }

  static async start(options: ScheduleOptions): Promise<Schedule> {
    await options.sql.run('insert into schedules (name, next_run) values ($1, now()) on conflict do nothing', [
      options.name,
    ])
    return new Schedule(options)
  }

  /** Resolves when the turn that runs, if any, is over. */
  close(): Promise<void> {
    return this.#loop.close()
  }

  async #turn(): Promise<boolean> {
    const { sql, log, name, handler } = this.options
    if (!(await this.#claim())) return false
    const renewal = setInterval(() => {
      this.#lease().catch((error: unknown) => log.warn({ err: error, task: name }, 'a lease could not be renewed'))
    }, RENEW_MS)
    try {
      await handler()
    } finally {
      clearInterval(renewal)
      await sql.run('update schedules set leased_until = null where name = $1', [name])
    }
    return false
  }

  async #claim(): Promise<boolean> {
    // A little early counts as due, or timers that fire a millisecond early would skip every other turn.
    const changed = await this.options.sql.run(
      `update schedules set next_run = now() + $2 * interval '1 second', leased_until = now() + $3 * interval '1 second'
       where name = $1 and next_run <= now() + $2 * interval '0.1 second'
         and (leased_until is null or leased_until < now())`,
      [this.options.name, this.options.seconds, LEASE_SECONDS],
    )
    return changed === 1
  }

  #lease(): Promise<number> {
    return this.options.sql.run(
      `update schedules set leased_until = now() + $2 * interval '1 second' where name = $1`,
      [this.options.name, LEASE_SECONDS],
    )
  }
}

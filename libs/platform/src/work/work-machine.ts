import { type Clock, type JobState, jobStates } from '@balcao/kernel'
import { int, rowOf, text } from '../sql/rows.ts'
import type { Sql } from '../sql/sql.ts'
import { type Attempt, Superseded } from './attempt.ts'
import { Lease } from './lease.ts'
import type { WorkTable } from './work-table.ts'

/** Seconds before a job that failed by our fault is tried again. */
const RETRY_SECONDS = 10

const attemptRow = rowOf<Attempt>()({ id: text(), owner: text(), number: int('attempt'), failures: int() })

type Then<A> = (attempt: A) => Promise<unknown>
type Recovered<Extra> = { readonly [To in 'waiting' | 'failed']: Then<Attempt & Extra> }

/** How jobs of one table are worked on: claimed, leased, fenced, handed back, given up, cancelled and redriven. What
 *  belongs to such a step (a row of the service, a message, an event) is given as a callback and happens in its
 *  transaction. State moves by `jobStates` only. */
export class WorkMachine<Extra = unknown> {
  readonly #sql: Sql
  readonly #clock: Clock
  readonly #of: WorkTable<Extra>
  /** By job, those that are worked on here. */
  readonly #held = new Map<string, Lease>()
  #listening: Promise<unknown> | undefined

  constructor(sql: Sql, clock: Clock, table: WorkTable<Extra>) {
    this.#sql = sql
    this.#clock = clock
    this.#of = table
  }

  /** Takes a job that waits, or one whose worker let its lease run out. Of many who ask at once one gets it.
   *  @returns undefined when it is done, unknown, not claimable, or a living worker has it */
  claim(id: string, then?: Then<Attempt & Extra>): Promise<(Attempt & Extra) | undefined> {
    return this.#sql.transaction(async () => {
      if (!(await this.#lockAbove(id, this.#of.above?.claimable))) return undefined
      return this.#take(id, `(state = any($4) or (state = 'running' and lease_until < $3))`, then)
    })
  }

  /** Takes the job that has the best right to be next in a lane: of the owner with the fewest that run there, the one
   *  that waits longest. Owners who have `perOwner` running wait. */
  claimNext(lane: string, then?: Then<Attempt & Extra>): Promise<(Attempt & Extra) | undefined> {
    return this.#sql.transaction(async () => {
      // Claims of a lane take turns, or two at once would both find an owner below the limit. Nobody who holds another
      // lock waits for this one.
      await this.#sql.query('select pg_advisory_xact_lock(hashtext($1))', [`work ${this.#of.table} ${lane}`])
      for (const id of await this.#candidates(lane)) {
        if (!(await this.#lockAbove(id, this.#of.above?.claimable, 'skip locked'))) continue
        const taken = await this.#take(id, 'state = any($4)', then)
        if (taken) return taken
      }
      return undefined
    })
  }

  /** Keeps a claimed job while it is worked on. Whoever takes it from its worker lets that be known at once. */
  hold(attempt: Attempt): Lease {
    const { id } = attempt
    const lease = new Lease(attempt, this.#of.leaseSeconds, this, () => {
      if (this.#held.get(id) === lease) this.#held.delete(id)
    })
    this.#held.set(id, lease)
    const beat = (taken: string) => void this.#held.get(taken)?.beat()
    // What is missed while the database is away is found out by the next beat.
    this.#listening ??= this.#sql.listen(TAKEN, beat).catch(() => (this.#listening = undefined))
    return lease
  }

  /** Says that its worker lives. @returns false once the job is no longer this attempt's */
  async beat(attempt: Attempt): Promise<boolean> {
    const now = this.#clock.now()
    return this.#update(attempt, 'lease_until = $3, updated_at = $4', [this.#leaseFrom(now), now])
  }

  /** @param percent 0 … 100  @param etaSeconds undefined when it cannot be told
   *  @returns false once the job is no longer this attempt's */
  async progress(attempt: Attempt, percent: number, etaSeconds: number | undefined): Promise<boolean> {
    const bounded = Math.min(100, Math.max(0, percent))
    return this.#update(attempt, 'percent = $3, eta_seconds = $4, updated_at = $5', [
      bounded,
      etaSeconds ?? null,
      this.#clock.now(),
    ])
  }

  /** Runs `work` in a transaction in which the job is this attempt's. @throws Superseded when it is not */
  fenced<T>(attempt: Attempt, work: () => Promise<T>): Promise<T> {
    return this.#sql.transaction(async () => {
      await this.#lockAbove(attempt.id)
      const held = await this.#sql.first(`select 1 from ${this.#of.table} where ${FENCE} for update`, [
        attempt.id,
        attempt.number,
      ])
      if (!held) throw new Superseded('The job belongs to a later attempt.')
      return work()
    })
  }

  /** The job is done. @throws Superseded */
  finish(attempt: Attempt, then: () => Promise<unknown>): Promise<void> {
    return this.#end(attempt, 'done', 'percent = 100', [], then)
  }

  /** The job is to be done again. @param counts whether this try ended by a fault of ours: then not at once, since the
   *  fault may be a full disk  @param then is told the seconds, for whatever wakes the next worker  @throws Superseded */
  handBack(
    attempt: Attempt,
    counts: boolean,
    then: (delaySeconds: number) => Promise<unknown>,
    delay = counts ? RETRY_SECONDS : 0,
  ): Promise<void> {
    const ready = new Date(this.#clock.now().getTime() + delay * 1000)
    const changes = 'failures = failures + $5, ready_at = $6'
    return this.#end(attempt, 'waiting', changes, [counts ? 1 : 0, ready], () => then(delay))
  }

  /** The job has failed for good. @throws Superseded */
  giveUp(attempt: Attempt, then: () => Promise<unknown>): Promise<void> {
    return this.#end(attempt, 'failed', undefined, [], then)
  }

  /** Nobody wants the job any more. Whoever works on it learns so by its next beat or write.
   *  @returns false where it had ended before */
  cancel(id: string, then?: () => Promise<unknown>): Promise<boolean> {
    return this.#ask(id, 'cancelled', 'lease_until = null, eta_seconds = null', then)
  }

  /** A running job is to be done later: its worker stops. @returns false where none runs */
  interrupt(id: string, then?: () => Promise<unknown>): Promise<boolean> {
    return this.#sql.transaction(async () => {
      await this.#lockAbove(id)
      const running = `select 1 from ${this.#of.table} where id = $1 and state = 'running' for update`
      if (!(await this.#sql.first(running, [id]))) return false
      const changes = 'lease_until = null, eta_seconds = null, percent = 0, updated_at = $4'
      await this.#move(id, 'waiting', changes, [this.#clock.now()])
      await this.#tellWorker(id)
      await then?.()
      return true
    })
  }

  /** A job that failed or was cancelled is to be done again from the start. @returns false where it is in no such state */
  redrive(id: string, then?: () => Promise<unknown>): Promise<boolean> {
    return this.#ask(id, 'waiting', 'failures = 0, deaths = 0, percent = 0, eta_seconds = null, ready_at = $4', then)
  }

  /** Takes what died workers held from them: each such job waits again, or has failed from `maxDeaths` on, in a
   *  transaction of its own together with the callback. One that cannot be mended does not hide the others.
   *  @param pageSize jobs that are looked for at a time  @throws AggregateError of what could not be mended */
  async recover(on: Recovered<Extra>, pageSize = 500): Promise<void> {
    const now = this.#clock.now()
    const failures: unknown[] = []
    let after = { at: new Date(0), id: '' }
    for (;;) {
      const page = await this.#sql.query<{ id: string; at: Date }>(
        `select id, lease_until as at from ${this.#of.table}
         where state = 'running' and lease_until < $1 and (lease_until, id) > ($2, $3) order by lease_until, id limit $4`,
        [now, after.at, after.id, pageSize],
      )
      for (const { id } of page) await this.#recoverOne(id, now, on).catch((error: unknown) => failures.push(error))
      if (page.length < pageSize) break
      after = page.at(-1)!
    }
    if (failures.length > 0) throw new AggregateError(failures, 'Some jobs of dead workers could not be taken back.')
  }

  /** Jobs that have waited untouched for `seconds`: whatever should have woken a worker may be lost. Each is told once
   *  in that time, page by page. */
  async forgotten(seconds: number, then: (id: string) => Promise<unknown>, pageSize = 500): Promise<void> {
    const now = this.#clock.now()
    const before = new Date(now.getTime() - seconds * 1000)
    const { table, above } = this.#of
    const claimable = above?.claimable
      ? `and exists (select from ${above.table} above where above.id = ${table}.${above.key} and ${above.claimable})`
      : ''
    for (;;) {
      const page = await this.#sql.query<{ id: string }>(
        `update ${table} set updated_at = $1 where id in (
           select id from ${table} where state = 'waiting' and updated_at < $2 and ready_at <= $1 ${claimable}
           order by updated_at limit $3 for update skip locked) returning id`,
        [now, before, pageSize],
      )
      for (const { id } of page) await then(id)
      if (page.length < pageSize) return
    }
  }

  async #recoverOne(id: string, now: Date, on: Recovered<Extra>): Promise<void> {
    await this.#sql.transaction(async () => {
      await this.#lockAbove(id)
      const row = await this.#sql.first<Record<string, unknown>>(
        `select ${this.#columns()}, deaths from ${this.#of.table}
         where id = $1 and state = 'running' and lease_until < $2 for update`,
        [id, now],
      )
      if (!row) return
      const attempt = this.#read(row)
      const to = Number(row.deaths) + 1 < this.#of.maxDeaths ? 'waiting' : 'failed'
      await this.#move(id, to, 'lease_until = null, eta_seconds = null, deaths = deaths + 1, updated_at = $4', [now])
      await on[to](attempt)
    })
  }

  async #candidates(lane: string): Promise<string[]> {
    const { table, above, lanes } = this.#of
    const claimable = above?.claimable
      ? `join ${above.table} above on above.id = job.${above.key} and ${above.claimable}`
      : ''
    const rows = await this.#sql.query<{ id: string }>(
      `with busy as (
         select owner, count(*) as jobs from ${table}
         where lane = $1 and state = 'running' and lease_until >= $2 group by owner
       )
       select job.id from ${table} job left join busy on busy.owner = job.owner ${claimable}
       where job.lane = $1 and job.state = 'waiting' and job.ready_at <= $2 and coalesce(busy.jobs, 0) < $3
       order by coalesce(busy.jobs, 0), job.ready_at, job.id limit 50`,
      [lane, this.#clock.now(), lanes[lane]?.perOwner ?? 2 ** 31],
    )
    return rows.map(({ id }) => id)
  }

  /** Locks the row above a job. @returns whether it is there and as `condition` says */
  async #lockAbove(id: string, condition = 'true', waiting = ''): Promise<boolean> {
    const { table, above } = this.#of
    if (!above) return true
    const row = await this.#sql.first(
      `select 1 from ${above.table} above
       where above.id = (select ${above.key} from ${table} where id = $1) and ${condition} for update ${waiting}`,
      [id],
    )
    return row !== undefined
  }

  /** @param takeable a condition on the job: `$3` is now, `$4` the states it may be taken from */
  async #take(id: string, takeable: string, then?: Then<Attempt & Extra>): Promise<(Attempt & Extra) | undefined> {
    const now = this.#clock.now()
    const { table } = this.#of
    const taken = await this.#sql.first<Record<string, unknown>>(
      `update ${table} set state = 'running', attempt = attempt + 1, lease_until = $2, percent = 0,
         eta_seconds = null, updated_at = $3, deaths = deaths + case when state = 'running' then 1 else 0 end
       where id = $1 and ${takeable} returning ${this.#columns()}`,
      [id, this.#leaseFrom(now), now, jobStates.before('running')],
    )
    if (!taken) return undefined
    const attempt = this.#read(taken)
    await then?.(attempt)
    return attempt
  }

  #end(
    attempt: Attempt,
    to: JobState,
    changes: string | undefined,
    values: readonly unknown[],
    then: () => Promise<unknown>,
  ): Promise<void> {
    return this.fenced(attempt, async () => {
      const always = 'lease_until = null, eta_seconds = null, updated_at = $4'
      await this.#move(attempt.id, to, changes ? `${always}, ${changes}` : always, [this.#clock.now(), ...values])
      await then()
    })
  }

  /** @param changes beside the state; `$4` is now */
  #ask(id: string, to: JobState, changes: string, then?: () => Promise<unknown>): Promise<boolean> {
    return this.#sql.transaction(async () => {
      await this.#lockAbove(id)
      const job = await this.#sql.first<{ state: JobState }>(
        `select state from ${this.#of.table} where id = $1 for update`,
        [id],
      )
      // A running job goes back to waiting by its worker's own hand, or by `interrupt`.
      if (!job || !jobStates.allows(job.state, to) || (to === 'waiting' && job.state === 'running')) return false
      await this.#move(id, to, `${changes}, updated_at = $4`, [this.#clock.now()])
      if (job.state === 'running') await this.#tellWorker(id)
      await then?.()
      return true
    })
  }

  /** @param changes beside the state; its values begin at `$4`  @throws Error when nothing moved: the caller holds the
   *  job locked in a state that the table allows, so that would be a mistake of ours */
  async #move(id: string, to: JobState, changes: string, values: readonly unknown[]): Promise<void> {
    const moved = await this.#sql.run(
      `update ${this.#of.table} set state = $2, ${changes} where id = $1 and state = any($3)`,
      [id, to, jobStates.before(to), ...values],
    )
    if (moved !== 1) throw new Error(`A job of ${this.#of.table} did not move to "${to}".`)
  }

  async #update(attempt: Attempt, changes: string, values: readonly unknown[]): Promise<boolean> {
    const text = `update ${this.#of.table} set ${changes} where ${FENCE}`
    return (await this.#sql.run(text, [attempt.id, attempt.number, ...values])) === 1
  }

  /** Once the transaction is committed. */
  async #tellWorker(id: string): Promise<void> {
    await this.#sql.query('select pg_notify($1, $2)', [TAKEN, id])
  }

  #columns(): string {
    const { row } = this.#of
    return [attemptRow, ...(row ? [row] : [])].map((each) => each.columns()).join(', ')
  }

  #read(row: Readonly<Record<string, unknown>>): Attempt & Extra {
    return { ...(this.#of.row?.read(row) as Extra), ...attemptRow.read(row) }
  }

  #leaseFrom(now: Date): Date {
    return new Date(now.getTime() + this.#of.leaseSeconds * 1000)
  }
}

/** The channel that names jobs which were taken from their workers. */
const TAKEN = 'work_taken'

/** Holds while the job `$1` is at attempt `$2`. */
const FENCE = `id = $1 and attempt = $2 and state = 'running'`

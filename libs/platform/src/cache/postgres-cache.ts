import type { Clock } from '@balcao/kernel'
import type { Sql } from '../sql/sql.ts'
import type { Cache } from './cache.ts'
import { assertOutside } from './outside-transactions.ts'

const SWEEP_EVERY_MS = 60_000
const SWEEP_AT_MOST = 1000

/** Cache on an UNLOGGED table: it is empty after a crash of the database. */
export class PostgresCache implements Cache {
  #sweptAt = 0

  constructor(
    private readonly sql: Sql,
    private readonly clock: Clock,
  ) {}

  async set(key: string, value: string, ttl: number): Promise<void> {
    assertOutside(this.sql)
    await this.#sweep()
    await this.sql.run(
      `insert into cache_entries (key, value, expires_at) values ($1, $2, $3)
       on conflict (key) do update set value = excluded.value, expires_at = excluded.expires_at`,
      [key, value, this.#after(ttl)],
    )
  }

  async get(key: string): Promise<string | undefined> {
    assertOutside(this.sql)
    const row = await this.sql.first<{ value: string }>(
      'select value from cache_entries where key = $1 and expires_at > $2',
      [key, this.clock.now()],
    )
    return row?.value
  }

  async take(key: string): Promise<string | undefined> {
    assertOutside(this.sql)
    const row = await this.sql.first<{ value: string }>(
      'delete from cache_entries where key = $1 and expires_at > $2 returning value',
      [key, this.clock.now()],
    )
    return row?.value
  }

  async delete(key: string): Promise<void> {
    assertOutside(this.sql)
    await this.sql.run('delete from cache_entries where key = $1', [key])
  }

  async increment(key: string, ttl: number): Promise<number> {
    assertOutside(this.sql)
    await this.#sweep()
    const row = await this.sql.first<{ value: string }>(
      `insert into cache_entries as entry (key, value, expires_at) values ($1, '1', $2)
       on conflict (key) do update set
         value = case when entry.expires_at > $3 then (entry.value::bigint + 1)::text else '1' end,
         expires_at = case when entry.expires_at > $3 then entry.expires_at else excluded.expires_at end
       returning value`,
      [key, this.#after(ttl), this.clock.now()],
    )
    return Number(row!.value)
  }

  /** Nothing of its own is open: the connections are the service's. */
  async close(): Promise<void> {}

  #after(seconds: number): Date {
    return new Date(this.clock.now().getTime() + seconds * 1000)
  }

  /** Expired entries are invisible at once; this only gives their space back, a little with some of the writes. */
  async #sweep(): Promise<void> {
    const now = this.clock.now()
    if (now.getTime() - this.#sweptAt < SWEEP_EVERY_MS) return
    this.#sweptAt = now.getTime()
    await this.sql.run(
      `delete from cache_entries where key in
         (select key from cache_entries where expires_at <= $1 limit ${SWEEP_AT_MOST} for update skip locked)`,
      [now],
    )
  }
}

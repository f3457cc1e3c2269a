import type { Sql } from '../sql/sql.ts'

/** Refuses a call of a cache inside a transaction, alike for every adapter: one on PostgreSQL would join it and be taken
 *  back with it, one on Redis could not, and whoever wrote the caller could not tell which. */
export function assertOutside(sql: Pick<Sql, 'inTransaction'>): void {
  if (sql.inTransaction()) {
    throw new Error('A cache was called inside a transaction: call it before, or after the commit.')
  }
}

import type { Sql } from '../sql/sql.ts'
import { deadQueue } from './dead-queue.ts'
import type { QueueStats } from './queue-stats.ts'

/** QueueStats read from pg-boss's own table, so that whoever only looks need not start pg-boss. */
export class PgBossStats implements QueueStats {
  /** @param schema of pg-boss's tables */
  constructor(
    private readonly sql: Pick<Sql, 'first'>,
    private readonly schema: string,
  ) {}

  async counts(queue: string): Promise<{ waiting: number; active: number; dead: number }> {
    const row = await this.sql.first<{ waiting: number; active: number; dead: number }>(
      `select (count(*) filter (where name = $1 and state < 'active'))::int as waiting,
         (count(*) filter (where name = $1 and state = 'active'))::int as active,
         (count(*) filter (where name = $2 and state < 'completed'))::int as dead
       from ${this.schema}.job where name in ($1, $2)`,
      [queue, deadQueue(queue)],
    )
    return row!
  }
}

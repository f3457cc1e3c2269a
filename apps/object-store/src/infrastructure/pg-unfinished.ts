import type { Sql } from '@balcao/platform'
import type { Unfinished } from '../application/ports/unfinished.ts'

export class PgUnfinished implements Unfinished {
  constructor(private readonly sql: Sql) {}

  async hold(fileIds: readonly string[], until: Date): Promise<void> {
    await this.sql.run(
      `insert into writing (file_id, until) select unnest($1::text[]), $2
       on conflict (file_id) do update set until = excluded.until`,
      [fileIds, until],
    )
  }

  async forgetHeld(before: Date): Promise<void> {
    await this.sql.run('delete from writing where until < $1', [before])
  }

  async uses(fileIds: readonly string[], now: Date): Promise<ReadonlyMap<string, 'object' | 'unfinished'>> {
    const rows = await this.sql.query<{ file_id: string; use: 'object' | 'unfinished' }>(
      `select file_id, 'unfinished' as use from uploads where file_id = any($1)
       union all select file_id, 'unfinished' from parts where file_id = any($1)
       union all select file_id, 'unfinished' from writing where file_id = any($1) and until >= $2
       union all select file_id, 'object' from objects where file_id = any($1)`,
      [fileIds, now],
    )
    return new Map(rows.map(({ file_id, use }) => [file_id, use]))
  }

  async discard(fileIds: readonly string[], now: Date): Promise<void> {
    await this.sql.run('insert into discarded (file_id, at) select unnest($1::text[]), $2 on conflict do nothing', [
      fileIds,
      now,
    ])
  }

  async forgetDiscarded(fileIds: readonly string[]): Promise<void> {
    await this.sql.run('delete from discarded where file_id = any($1)', [fileIds])
  }

  async discarded(before: Date, limit: number): Promise<string[]> {
    const rows = await this.sql.query<{ file_id: string }>(
      'select file_id from discarded where at < $1 order by at limit $2',
      [before, limit],
    )
    return rows.map(({ file_id }) => file_id)
  }
}

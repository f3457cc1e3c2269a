import { rowOf, type Sql, text, time } from '@balcao/platform'
import type { Bucket, Buckets } from '../application/ports/buckets.ts'

const bucketRow = rowOf<Bucket>()({ name: text(), createdAt: time() })

export class PgBuckets implements Buckets {
  constructor(private readonly sql: Sql) {}

  async add({ name, createdAt }: Bucket): Promise<void> {
    await this.sql.run('insert into buckets (name, created_at) values ($1, $2) on conflict do nothing', [
      name,
      createdAt,
    ])
  }

  async all(): Promise<Bucket[]> {
    const rows = await this.sql.query<Readonly<Record<string, unknown>>>(
      `select ${bucketRow.columns()} from buckets order by name`,
    )
    return rows.map(bucketRow.read)
  }

  async has(name: string): Promise<boolean> {
    return (await this.sql.first('select 1 from buckets where name = $1', [name])) !== undefined
  }
}

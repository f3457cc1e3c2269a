import type { Sql } from '@balcao/platform'
import type { Withheld } from '../application/ports/withheld.ts'

export class PgWithheld implements Withheld {
  constructor(private readonly sql: Sql) {}

  async add(bucket: string, folder: string, at: Date): Promise<void> {
    await this.sql.run(
      `insert into withheld (bucket, prefix, at) values ($1, $2, $3)
       on conflict (bucket, prefix) do update set at = excluded.at`,
      [bucket, folder, at],
    )
  }

  async remove(bucket: string, folder: string): Promise<void> {
    await this.sql.run('delete from withheld where bucket = $1 and prefix = $2', [bucket, folder])
  }

  async forgetEmpty(before: Date): Promise<void> {
    await this.sql.run(
      `delete from withheld w where at < $1 and not exists (
         select from objects o where o.bucket = w.bucket and o.key > w.prefix and o.key < left(w.prefix, -1) || '0')`,
      [before],
    )
  }
}

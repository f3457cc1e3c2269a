import { migrate, PgSql, platformMigrations } from '@balcao/platform'
import { pino } from 'pino'
import { createTestDatabase } from './test-platform.ts'

/** The schemas of some services in a fresh database, with the platform's tables and nothing else: for adapters that
 *  need no more than an Sql. */
export async function testSchemas(...names: string[]) {
  const log = pino({ level: 'silent' })
  const database = await createTestDatabase()
  const open = (schema: string, connections = 8) => new PgSql({ url: database.url, schema, connections, log })
  for (const name of names) await migrate(database.url, name, platformMigrations)
  const sqls = names.map((name) => open(name))
  return {
    url: database.url,
    log,
    sqls,
    /** Another process's connection to one of them. */
    open,
    close: async () => {
      await Promise.all(sqls.map((sql) => sql.close()))
      await database.drop()
    },
  }
}

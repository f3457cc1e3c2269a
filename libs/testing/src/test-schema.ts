import { PgSql } from '@balcao/platform/adapters'
import { migrateService } from '@balcao/platform/open'
import { pino } from 'pino'
import { createTestDatabase } from './test-platform.ts'

/** The schemas of some services in a fresh database, with the platform's tables and nothing else: for adapters that
 *  need no more than an Sql. */
export async function testSchemas(...names: string[]) {
  const log = pino({ level: 'silent' })
  const database = await createTestDatabase()
  const open = (schema: string, connections = 8) => new PgSql({ url: database.url, schema, connections, log })
  for (const name of names) {
    const bare = { name, connections: 8, queues: {}, migrations: async () => ({}) }
    await migrateService(bare, { databaseUrl: database.url, migrationDatabaseUrl: database.url })
  }
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

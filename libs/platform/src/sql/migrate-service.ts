import pg from 'pg'
import type { ServiceIdentity } from '../service.ts'
import { migrate } from './migrate.ts'
import { queueSchemaOf, schemaOf } from './schema-of.ts'
import { migrationsOf } from './service-migrations.ts'

/** Whose connection makes the tables, and whose will use them. */
export interface MigrationUrls {
  readonly migrationDatabaseUrl: string
  readonly databaseUrl: string
}

/** Everything of one service that needs DDL: its schema, the bus that all share, its queues. Run by ROLE=migrate before
 *  the processes that stand on it. The user of everyday work, where it is another, may use all of it and change none.
 *  @throws Error naming the migration that failed */
export async function migrateService(service: ServiceIdentity, urls: MigrationUrls): Promise<void> {
  const url = urls.migrationDatabaseUrl
  const schema = schemaOf(service)
  const { default: bus } = await import('../../migrations/bus/*.sql')
  await migrate(url, 'bus', bus)
  await migrate(url, schema, await migrationsOf(service))
  const schemas = ['bus', schema]
  const queues = Object.keys(service.queues)
  if (queues.length > 0) {
    const { installPgBoss } = await import('../jobs/pg-boss-schema.ts')
    await installPgBoss(url, queueSchemaOf(schema), queues)
    schemas.push(queueSchemaOf(schema))
  }
  const [owner, user] = [userOf(url), userOf(urls.databaseUrl)]
  if (owner !== user) await allowUse(url, user, schemas)
}

const userOf = (url: string) => decodeURIComponent(new URL(url).username)

/** Lets `user` read and write rows, and nothing that changes a table. */
async function allowUse(url: string, user: string, schemas: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url, application_name: 'balcao-migrate-rights' })
  await client.connect()
  const role = pg.escapeIdentifier(user)
  const list = schemas.map((schema) => pg.escapeIdentifier(schema)).join(', ')
  try {
    // Two of these at once would update the same rows of the catalogue, which PostgreSQL refuses.
    await client.query(`select pg_advisory_lock(hashtext('balcao-migrate'))`)
    await client.query(`grant usage on schema ${list} to ${role}`)
    await client.query(`grant select, insert, update, delete on all tables in schema ${list} to ${role}`)
    await client.query(`grant usage, select on all sequences in schema ${list} to ${role}`)
  } finally {
    await client.end()
  }
}

import { AppError } from '@balcao/kernel'
import type { ServiceIdentity } from '../service.ts'
import { schemaOf } from './schema-of.ts'
import { migrationsOf } from './service-migrations.ts'
import type { Sql } from './sql.ts'

/** Refuses tables that are older than this release. Newer ones are right: a rolling upgrade migrates first, and
 *  migrations only add what the release before can live with.
 *  @throws AppError `config/schema_behind` that says what is missing and what to do */
export async function assertMigrated(sql: Pick<Sql, 'first' | 'query'>, service: ServiceIdentity): Promise<void> {
  const { default: bus } = await import('../../migrations/bus/*.sql')
  const needed: [schema: string, names: string[]][] = [
    [schemaOf(service), Object.keys(await migrationsOf(service))],
    ['bus', Object.keys(bus)],
  ]
  for (const [schema, names] of needed) {
    const missing = await missingIn(sql, schema, names)
    if (missing.length === 0) continue
    throw new AppError(
      'unavailable',
      'config/schema_behind',
      `The schema "${schema}" lacks ${missing.join(', ')}: run ROLE=migrate with this release first.`,
      { schema, missing },
    )
  }
}

async function missingIn(
  sql: Pick<Sql, 'first' | 'query'>,
  schema: string,
  names: readonly string[],
): Promise<string[]> {
  const there = await sql.first<{ there: boolean }>('select to_regclass($1) is not null as there', [
    `${schema}.migrations`,
  ])
  const rows = there!.there ? await sql.query<{ name: string }>(`select name from ${schema}.migrations`) : []
  const applied = new Set(rows.map(({ name }) => name))
  return names.filter((name) => !applied.has(name))
}

import pg from 'pg'

/** Brings one schema up to date: creates it, then applies what is missing, in the order of the names, each once.
 *  Runs under an advisory lock, so that processes which start together take turns; forward only.
 *  @param migrations `{ '0001_users': 'create table …' }`  @throws Error naming the migration that failed */
export async function migrate(
  url: string,
  schema: string,
  migrations: Readonly<Record<string, string>>,
): Promise<void> {
  const client = new pg.Client({ connectionString: url, application_name: `balcao-migrate-${schema}` })
  await client.connect()
  try {
    // One lock for all schemas: `create schema if not exists` itself races.
    await client.query(`select pg_advisory_lock(hashtext('balcao-migrate'))`)
    await client.query(`create schema if not exists ${schema}`)
    await client.query(`set search_path to ${schema}`)
    await client.query(
      'create table if not exists migrations (name text primary key, applied_at timestamptz not null default now())',
    )
    const { rows } = await client.query<{ name: string }>('select name from migrations')
    const applied = new Set(rows.map((row) => row.name))
    for (const name of Object.keys(migrations).sort()) {
      if (applied.has(name)) continue
      try {
        await client.query('begin')
        await client.query(migrations[name]!)
        await client.query('insert into migrations (name) values ($1)', [name])
        await client.query('commit')
      } catch (error) {
        throw new Error(`Migration ${schema}/${name} failed: ${(error as Error).message}`, { cause: error })
      }
    }
  } finally {
    await client.end()
  }
}

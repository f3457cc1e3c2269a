import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { newId } from '@balcao/kernel'
import { type Config, loadConfig, openPlatform, type Platform, type Service, withGeneratedKeys } from '@balcao/platform'
import pg from 'pg'
import { inject } from 'vitest'

type Overrides = Partial<Platform> & {
  /** Share the database, the data directory and the configuration of another test platform. */
  on?: Platform
  /** Variables beside the defaults of a test. */
  env?: Record<string, string>
}

/** A port that nothing listens on at the moment. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** A fresh database on the run's PostgreSQL. */
export async function createTestDatabase(): Promise<{ url: string; drop(): Promise<void> }> {
  const server = inject('databaseServerUrl')
  const name = `test_${newId().replaceAll('-', '')}`
  const admin = async (statement: string) => {
    const client = new pg.Client({ connectionString: server })
    await client.connect()
    try {
      await client.query(statement)
    } finally {
      await client.end()
    }
  }
  await admin(`create database ${name}`)
  const url = new URL(server)
  url.pathname = `/${name}`
  return { url: url.href, drop: () => admin(`drop database if exists ${name} with (force)`) }
}

/** The configuration of a whole installation of its own: ports, keys, an empty data directory. */
export async function testConfig(
  databaseUrl: string,
  env: Record<string, string> = {},
): Promise<{ config: Config; remove(): Promise<void> }> {
  const dataDir = await mkdtemp(join(tmpdir(), 'balcao-data-'))
  const [http, userPool, objectStore] = [await freePort(), await freePort(), await freePort()]
  const config = loadConfig(
    await withGeneratedKeys({
      PORT: String(http),
      USER_POOL_PORT: String(userPool),
      OBJECT_STORE_PORT: String(objectStore),
      DATA_DIR: dataDir,
      DATABASE_URL: databaseUrl,
      LOG_LEVEL: 'silent',
      ...env,
    }),
  )
  return { config, remove: () => rm(dataDir, { recursive: true, force: true }) }
}

/** A real Platform for one service, on a database and a data directory of its own (or those of `on`). */
export async function testPlatform(
  service: Pick<Service, 'name' | 'migrations' | 'connections'>,
  { on, env, ...given }: Overrides = {},
): Promise<Platform> {
  if (on) return openPlatform(on.config, service, { clock: on.clock, ...given })
  const database = await createTestDatabase()
  const { config, remove } = await testConfig(database.url, env)
  const platform = await openPlatform(config, service, given)
  return {
    ...platform,
    close: async () => {
      await platform.close()
      await database.drop()
      await remove()
    },
  }
}

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { newId } from '@balcao/kernel'
import type { Config, Ground, Platform, PortName, Ports, ServiceIdentity } from '@balcao/platform'
import { loadConfig, migrateService, openPlatform, withGeneratedKeys } from '@balcao/platform/open'
import pg from 'pg'
import { inject } from 'vitest'
import { freePort } from './free-port.ts'

/** The parts that a test's configuration may name: all that are, since none is refused for being unknown. */
const ANY_PART: readonly string[] = [
  'user-pool',
  'object-store',
  'store-events',
  'auth',
  'video-upload',
  'video-download',
  'video-processor',
  'web',
]
const EVERY_PORT: readonly PortName[] = [
  'sql',
  'queue',
  'queueStats',
  'scheduler',
  'events',
  'objects',
  'cache',
  'mailer',
  'secrets',
  'tokens',
]

type Overrides = Partial<Ground & Ports> & {
  /** Share the database, the data directory and the configuration of another test platform. */
  on?: Platform
  /** Variables beside the defaults of a test. */
  env?: Record<string, string>
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
    ANY_PART,
  )
  // Again where a call of the file system that was under way when its process was ended makes one more file.
  return { config, remove: () => rm(dataDir, { recursive: true, force: true, maxRetries: 5 }) }
}

/** A real Platform with every port for one service, on a database and a data directory of its own (or those of `on`). */
export async function testPlatform(service: ServiceIdentity, { on, env, ...given }: Overrides = {}): Promise<Platform> {
  const open = async (config: Config, brought: Partial<Ground & Ports>): Promise<Platform> => {
    const databaseUrl = config.databaseUrl!
    await migrateService(service, { databaseUrl, migrationDatabaseUrl: databaseUrl })
    return openPlatform(config, { ...service, needs: EVERY_PORT }, brought)
  }
  if (on) return open(on.config, { clock: on.clock, ...given })
  const database = await createTestDatabase()
  const { config, remove } = await testConfig(database.url, env)
  const platform = await open(config, given)
  return {
    ...platform,
    close: async () => {
      await platform.close()
      await database.drop()
      await remove()
    },
  }
}

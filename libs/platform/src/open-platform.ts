import { AppError, systemClock } from '@balcao/kernel'
import type { Config } from './config/config.ts'
import type { Buckets } from './objects/buckets.ts'
import { createLog } from './observability/log.ts'
import { Metrics } from './observability/metrics.ts'
import type { Ground, PlatformOf, PortName, Ports, Running } from './platform.ts'
import type { ServiceIdentity } from './service.ts'
import { assertMigrated } from './sql/assert-migrated.ts'
import { queueSchemaOf, schemaOf } from './sql/schema-of.ts'

/** Ports whose adapter works on the service's schema. */
const ON_SQL: readonly PortName[] = ['sql', 'queue', 'queueStats', 'scheduler', 'events', 'cache']

/** The store that a configuration names, for whoever needs nothing else. */
export async function openObjects(config: Config): Promise<Buckets> {
  const { S3Objects } = await import('./objects/s3-objects.ts')
  return new S3Objects(config)
}

/** Opens everything outside a service that it asks for: the only place that chooses adapters. Each is loaded here, so
 *  that a process pays only for what its services need and its configuration chooses.
 *  @param given parts that the caller brings: a process's one log and metrics, a test's clock
 *  @throws AppError `config/database` where there is no database to open */
export async function openPlatform<Needs extends PortName>(
  config: Config,
  service: ServiceIdentity & { readonly needs: readonly Needs[] },
  given: Partial<Ground & Ports> = {},
): Promise<PlatformOf<Needs> & Running> {
  const ground: Ground = {
    config,
    clock: given.clock ?? systemClock,
    log: given.log ?? createLog(config),
    metrics: given.metrics ?? new Metrics(),
  }
  const adapters = adaptersFor(service, ground)
  const opened: Partial<Record<PortName, Ports[PortName]>> = {}
  const closing: (() => Promise<void>)[] = []
  const open = async <P extends PortName>(name: P): Promise<void> => {
    const brought = given[name]
    const adapter = brought ?? (await adapters[name](opened as Ports))
    opened[name] = adapter
    if (!brought && 'close' in adapter) closing.push(() => (adapter as Running).close())
  }
  const needs = new Set<PortName>(service.needs)
  if (ON_SQL.some((name) => needs.has(name))) {
    await open('sql')
    await assertMigrated(opened.sql as Ports['sql'], service).catch(async (error: unknown) => {
      await closing[0]?.()
      throw error
    })
  }
  // One after another: the events and the queue stand on the database, and each closes before what it stands on.
  for (const name of needs) if (name !== 'sql') await open(name)
  return {
    ...ground,
    ...(opened as Pick<Ports, Needs>),
    close: async () => {
      for (const close of closing.reverse()) await close()
    },
  }
}

/** How each port is opened; those that work on the service's schema find its Sql among what is open. */
function adaptersFor(
  service: ServiceIdentity,
  { config, clock, log }: Ground,
): { [P in PortName]: (open: Ports) => Promise<Ports[P]> } {
  const schema = schemaOf(service)
  const databaseUrl = () => {
    if (config.databaseUrl) return config.databaseUrl
    throw new AppError(
      'invalid',
      'config/database',
      'SERVICES and ROLE start single processes; set DATABASE_URL to the database they share.',
    )
  }
  return {
    sql: async () => {
      const { PgSql } = await import('./sql/pg-sql.ts')
      return new PgSql({ url: databaseUrl(), schema, connections: service.connections, log })
    },
    queue: async ({ sql }) => {
      const { PgBossQueue } = await import('./jobs/pg-boss-queue.ts')
      return new PgBossQueue({ sql, databaseUrl: databaseUrl(), schema: queueSchemaOf(schema), log })
    },
    queueStats: async ({ sql }) => {
      const { PgBossStats } = await import('./jobs/pg-boss-stats.ts')
      return new PgBossStats(sql, queueSchemaOf(schema))
    },
    scheduler: async ({ sql }) => new (await import('./jobs/pg-scheduler.ts')).PgScheduler(sql, log),
    events: async ({ sql }) => {
      const { PostgresEventBus } = await import('./events/postgres-event-bus.ts')
      return new PostgresEventBus({ sql, log, clock })
    },
    objects: () => openObjects(config),
    cache: async ({ sql }) => {
      if (config.cache.kind === 'postgres') {
        return new (await import('./cache/postgres-cache.ts')).PostgresCache(sql, clock)
      }
      const { RedisCache } = await import('./cache/redis-cache.ts')
      return RedisCache.open(config.cache, { prefix: `balcao:${schema}:`, sql, log })
    },
    mailer: async () => new (await import('./mail/mailbox-mailer.ts')).MailboxMailer(config.mailer.dir),
    secrets: async () => new (await import('./secrets/file-secrets.ts')).FileSecrets(config.secrets.dir),
    tokens: async () => new (await import('./tokens/pool-token-verifier.ts')).PoolTokenVerifier(config, clock),
  }
}

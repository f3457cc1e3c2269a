import { join } from 'node:path'
import { AppError, systemClock } from '@balcao/kernel'
import type { Config } from './config/config.ts'
import { createLog } from './observability/log.ts'
import { Metrics } from './observability/metrics.ts'
import type { Platform } from './platform.ts'
import { platformMigrations } from './platform-migrations.ts'
import type { Service } from './service.ts'
import { migrate } from './sql/migrate.ts'
import { PgSql } from './sql/pg-sql.ts'

/** The PostgreSQL schema of a service: its name with `_` for `-`. */
export const schemaOf = (service: { name: string }): string => service.name.replaceAll('-', '_')

/** Opens everything outside a service: the only place that chooses adapters. Brings the service's schema up to date.
 *  @param given parts that the caller brings: a process's one log and metrics, a test's clock
 *  @throws AppError `config/database` where there is no database to open */
export async function openPlatform(
  config: Config,
  service: Pick<Service, 'name' | 'migrations' | 'connections'>,
  given: Partial<Platform> = {},
): Promise<Platform> {
  if (!config.databaseUrl) {
    throw new AppError(
      'invalid',
      'config/database',
      'SERVICES and ROLE start single processes; set DATABASE_URL to the database they share.',
    )
  }
  const schema = schemaOf(service)
  await migrate(config.databaseUrl, schema, { ...platformMigrations, ...service.migrations })

  const log = given.log ?? createLog(config)
  const clock = given.clock ?? systemClock
  const sql = new PgSql({ url: config.databaseUrl, schema, connections: service.connections, log })

  // Loaded here, so that a process pays only for what its configuration chooses.
  const [
    { FileSecrets },
    { PostgresCache },
    { MailboxMailer },
    { PgBossQueue },
    { PostgresEventBus },
    { S3Objects },
    { PoolTokenVerifier },
  ] = await Promise.all([
    import('./secrets/file-secrets.ts'),
    import('./cache/postgres-cache.ts'),
    import('./mail/mailbox-mailer.ts'),
    import('./jobs/pg-boss-queue.ts'),
    import('./events/postgres-event-bus.ts'),
    import('./objects/s3-objects.ts'),
    import('./tokens/pool-token-verifier.ts'),
  ])
  const jobs = new PgBossQueue({ sql, databaseUrl: config.databaseUrl, schema: `${schema}_jobs`, log })
  const events = new PostgresEventBus({ sql, log, clock })
  return {
    config,
    clock,
    log,
    sql,
    jobs,
    events,
    metrics: given.metrics ?? new Metrics(),
    objects: new S3Objects(config),
    cache: new PostgresCache(sql, clock),
    mailer: new MailboxMailer(join(config.dataDir, 'mailbox')),
    secrets: new FileSecrets(join(config.dataDir, 'secrets')),
    tokens: new PoolTokenVerifier(config, clock),
    ...given,
    close: async () => {
      await jobs.close()
      await events.close()
      await sql.close()
    },
  }
}

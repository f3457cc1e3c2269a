import type { Clock } from '@balcao/kernel'
import type { Logger } from 'pino'
import type { Cache } from './cache/cache.ts'
import type { Config } from './config/config.ts'
import type { EventBus } from './events/event-bus.ts'
import type { JobQueue } from './jobs/job-queue.ts'
import type { QueueStats } from './jobs/queue-stats.ts'
import type { Scheduler } from './jobs/scheduler.ts'
import type { Mailer } from './mail/mailer.ts'
import type { Buckets } from './objects/buckets.ts'
import type { Metrics } from './observability/metrics.ts'
import type { Secrets } from './secrets/secrets.ts'
import type { Sql } from './sql/sql.ts'
import type { TokenVerifier } from './tokens/token-verifier.ts'

/** The ways out of a service. `sql` looks at the service's own schema. */
export interface Ports {
  readonly sql: Sql
  readonly queue: JobQueue
  readonly queueStats: QueueStats
  readonly scheduler: Scheduler
  readonly events: EventBus
  readonly objects: Buckets
  readonly cache: Cache
  readonly mailer: Mailer
  readonly secrets: Secrets
  readonly tokens: TokenVerifier
}
export type PortName = keyof Ports

/** What every service has. */
export interface Ground {
  readonly config: Config
  readonly clock: Clock
  readonly log: Logger
  readonly metrics: Metrics
}

/** Everything outside a service that asks for these ports, and no other port. */
export type PlatformOf<Needs extends PortName> = Ground & Pick<Ports, Needs>

/** All of it. */
export type Platform = PlatformOf<PortName> & Running

/** Something that runs until it is closed. */
export interface Running {
  close(): Promise<void>
  /** Why it cannot do its work at the moment, in a sentence for the operator; undefined while it can. */
  problem?(): string | undefined
}

import type { Clock } from '@balcao/kernel'
import type { Logger } from 'pino'
import type { Cache } from './cache/cache.ts'
import type { Config } from './config/config.ts'
import type { EventBus } from './events/event-bus.ts'
import type { JobQueue } from './jobs/job-queue.ts'
import type { Mailer } from './mail/mailer.ts'
import type { ObjectStore } from './objects/object-store.ts'
import type { Metrics } from './observability/metrics.ts'
import type { Secrets } from './secrets/secrets.ts'
import type { Sql } from './sql/sql.ts'
import type { TokenVerifier } from './tokens/token-verifier.ts'

/** Nest's token for the Platform. */
export const PLATFORM = Symbol('PLATFORM')

/** Everything outside a service, as that service sees it. `sql` looks at the service's own schema. */
export interface Platform {
  readonly config: Config
  readonly clock: Clock
  readonly log: Logger
  readonly metrics: Metrics
  readonly sql: Sql
  readonly jobs: JobQueue
  readonly events: EventBus
  readonly objects: ObjectStore
  readonly cache: Cache
  readonly mailer: Mailer
  readonly secrets: Secrets
  readonly tokens: TokenVerifier
  close(): Promise<void>
}

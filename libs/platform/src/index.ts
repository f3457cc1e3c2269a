export type { Cache } from './cache/cache.ts'
export type { CacheConfig, RedisConfig } from './config/cache-config.ts'
export type { Config, Role } from './config/config.ts'
export { isLoopbackHost, isLoopbackUrl } from './config/loopback.ts'
export type { AccessKey, StoreConfig } from './config/store-config.ts'
export { isDiskFull, saysDiskFull } from './disk-full.ts'
export { assertRoom, roomForObjects, roomOn } from './disk-room.ts'
export { defineEvents, event, type Telling } from './events/define-events.ts'
export type { EventBus } from './events/event-bus.ts'
export type { Job, JobQueue, Queues, WorkOptions } from './jobs/job-queue.ts'
export type { QueueStats } from './jobs/queue-stats.ts'
export type { Scheduler } from './jobs/scheduler.ts'
export { isMailbox, type KeptMessage, type Mailbox, type Mailer, type Message } from './mail/mailer.ts'
export type {
  Bucket,
  Buckets,
  DescribedObject,
  ListedObject,
  ObjectHeaders,
  StoredObject,
  UnfinishedUpload,
  UploadedPart,
} from './objects/buckets.ts'
export { ASKS_FOR_FILE, NAMES_FILE, SHOWS_WITHHELD, storeDirOf } from './objects/shared-disk.ts'
export { isSame, type Transferred, transfer, versionOf } from './objects/transfer.ts'
export type { Counted, Metrics } from './observability/metrics.ts'
export { currentTraceparent, span, withTraceparent } from './observability/span.ts'
export { saysOutage } from './outage.ts'
export type { Ground, Platform, PlatformOf, PortName, Ports, Running } from './platform.ts'
export type { SecretKey, Secrets } from './secrets/secrets.ts'
export { type AnyService, defineService, type Service, type ServiceIdentity, type Work } from './service.ts'
export type { Migrations } from './sql/migrations.ts'
export {
  binary,
  bytes,
  type Column,
  centavos,
  flag,
  group,
  int,
  json,
  oneOf,
  optional,
  type RowOf,
  real,
  rowOf,
  text,
  time,
} from './sql/rows.ts'
export type { Sql } from './sql/sql.ts'
export { stepBack } from './step-back.ts'
export { findError, type Thrown } from './thrown.ts'
export type { Identity, TokenVerifier } from './tokens/token-verifier.ts'
export { type Attempt, Superseded } from './work/attempt.ts'
export type { Lease } from './work/lease.ts'
export { type AttemptEnds, runAttempt, type Verdict } from './work/run-attempt.ts'
export { WorkMachine } from './work/work-machine.ts'
export type { WorkTable } from './work/work-table.ts'

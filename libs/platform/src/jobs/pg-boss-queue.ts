import { AsyncLocalStorage } from 'node:async_hooks'
import { newId } from '@balcao/kernel'
import { PgBoss } from 'pg-boss'
import type { Logger } from 'pino'
import { currentTraceparent } from '../observability/tracing.ts'
import type { Sql } from '../sql/sql.ts'
import type { Job, JobQueue, WorkOptions } from './job-queue.ts'
import { type Envelope, QueueWorker } from './queue-worker.ts'
import { Schedule } from './schedule.ts'

const HEARTBEAT_SECONDS = 10 // the least that pg-boss takes
const SUPERVISE_SECONDS = 5
const DAY = 86_400

export interface PgBossQueueOptions {
  /** The service's own: messages are enqueued through it, so they join its transactions. */
  readonly sql: Sql
  readonly databaseUrl: string
  /** Of pg-boss's tables; made by it when they are first needed. */
  readonly schema: string
  readonly log: Logger
}

/** Where the messages of a queue go after their last try. */
export const deadQueue = (queue: string): string => `${queue}_dead`

/** JobQueue on pg-boss. Its loops fetch, settle and hand back message by message, so a handler that throws fails only
 *  its own. A process that neither enqueues nor works never starts it. */
export class PgBossQueue implements JobQueue {
  readonly #options: PgBossQueueOptions
  readonly #workers: QueueWorker[] = []
  readonly #schedules: Schedule[] = []
  readonly #queues = new Map<string, Promise<void>>()
  // pg-boss's timers and our loops must not run in the transaction of whoever called first.
  readonly #outside = AsyncLocalStorage.snapshot()
  #boss: Promise<PgBoss> | undefined
  #supervision: NodeJS.Timeout | undefined
  #supervising: Promise<void> | undefined

  constructor(options: PgBossQueueOptions) {
    this.#options = options
  }

  async enqueue(
    queue: string,
    data: Record<string, string>,
    { key, delaySeconds = 0 }: { key?: string; delaySeconds?: number } = {},
  ): Promise<void> {
    const boss = await this.#ready(queue)
    const { sql } = this.#options
    const traceparent = currentTraceparent()
    const envelope: Envelope = { data, ...(traceparent ? { traceparent } : {}) }
    await boss.send(queue, envelope, {
      // The queue's policy keeps one waiting message per key; without a key each is its own.
      singletonKey: key ? `key:${key}` : newId(),
      startAfter: delaySeconds,
      db: { executeSql: async (text, values) => ({ rows: await sql.query(text, values) }) },
    })
    // Heard by the workers once the surrounding transaction commits.
    if (delaySeconds === 0) await sql.query('select pg_notify($1, $2)', [this.#options.schema, queue])
  }

  async work(queue: string, options: WorkOptions, handler: (job: Job) => Promise<void>): Promise<void> {
    const { sql, schema, log } = this.#options
    const boss = await this.#ready(queue)
    await this.#outside(async () => {
      await boss.updateQueue(queue, { retryLimit: options.retries, retryDelay: options.retryDelaySeconds })
      // A message keeps the limits it was sent with; those that wait were perhaps sent before the queue had any.
      await sql.run(
        `update ${schema}.job set retry_limit = greatest(retry_limit, $2), retry_delay = $3
         where name = $1 and state < 'active'`,
        [queue, options.retries, options.retryDelaySeconds],
      )
      this.#workers.push(await QueueWorker.start({ boss, sql, log, channel: schema, queue, ...options, handler }))
      this.#supervision ??= setInterval(() => this.#supervise(boss), SUPERVISE_SECONDS * 1000)
    })
  }

  async every(name: string, seconds: number, handler: () => Promise<void>): Promise<void> {
    const { sql, log } = this.#options
    await this.#outside(async () => {
      this.#schedules.push(await Schedule.start({ sql, log, name, seconds, handler }))
    })
  }

  async counts(queue: string): Promise<{ waiting: number; active: number; dead: number }> {
    await this.#ready(queue)
    const row = await this.#options.sql.first<{ waiting: number; active: number; dead: number }>(
      `select (count(*) filter (where name = $1 and state < 'active'))::int as waiting,
         (count(*) filter (where name = $1 and state = 'active'))::int as active,
         (count(*) filter (where name = $2 and state < 'completed'))::int as dead
       from ${this.#options.schema}.job where name in ($1, $2)`,
      [queue, deadQueue(queue)],
    )
    return row!
  }

  async close(): Promise<void> {
    clearInterval(this.#supervision)
    await Promise.all([...this.#workers, ...this.#schedules].map((running) => running.close()))
    await this.#supervising
    const boss = await this.#boss?.catch(() => undefined)
    await boss?.stop({ graceful: false })
  }

  /** pg-boss with this queue in it. */
  async #ready(queue: string): Promise<PgBoss> {
    this.#boss ??= this.#outside(() => this.#start()).catch((error: unknown) => {
      this.#boss = undefined
      throw error
    })
    const boss = await this.#boss
    let made = this.#queues.get(queue)
    if (!made) {
      made = this.#outside(() => createQueue(boss, queue)).catch((error: unknown) => {
        this.#queues.delete(queue)
        throw error
      })
      this.#queues.set(queue, made)
    }
    await made
    return boss
  }

  async #start(): Promise<PgBoss> {
    const { databaseUrl, schema, log } = this.#options
    const boss = new PgBoss({
      connectionString: databaseUrl,
      schema,
      application_name: `balcao-${schema}`,
      max: 2, // a pool of its own: bookkeeping cannot wait for a connection that a transaction holds
      supervise: false, // by our own timer, where messages are worked on
      monitorIntervalSeconds: SUPERVISE_SECONDS,
      schedule: false,
      bamIntervalSeconds: 3600,
      persistWarnings: false,
    })
    boss.on('error', (error) => log.warn({ err: error }, 'pg-boss met an error'))
    boss.on('warning', (warning) => log.warn({ warning: warning.message }, 'pg-boss warns'))
    return boss.start()
  }

  /** Puts messages whose worker has died back into their queue. */
  #supervise(boss: PgBoss): void {
    this.#supervising ??= boss
      .supervise()
      .catch((error: unknown) => this.#options.log.warn({ err: error }, 'pg-boss could not look after its queues'))
      .finally(() => {
        this.#supervising = undefined
      })
  }
}

async function createQueue(boss: PgBoss, queue: string): Promise<void> {
  const forAYear = { retentionSeconds: 365 * DAY }
  await boss.createQueue(deadQueue(queue), forAYear)
  await boss.createQueue(queue, {
    ...forAYear,
    policy: 'short', // at most one waiting message per key
    deadLetter: deadQueue(queue),
    heartbeatSeconds: HEARTBEAT_SECONDS,
    expireInSeconds: DAY, // the most that pg-boss takes; a worker that dies is noticed by its heartbeat
    deleteAfterSeconds: DAY,
  })
}

import { AsyncLocalStorage } from 'node:async_hooks'
import { AppError, newId } from '@balcao/kernel'
import pg from 'pg'
import { PgBoss } from 'pg-boss'
import type { Logger } from 'pino'
import { currentTraceparent } from '../observability/span.ts'
import type { Sql } from '../sql/sql.ts'
import type { Job, JobQueue, WorkOptions } from './job-queue.ts'
import { pgBossVersion } from './pg-boss-schema.ts'
import { type Envelope, QueueWorker } from './queue-worker.ts'

const SUPERVISE_SECONDS = 5

export interface PgBossQueueOptions {
  /** The service's own: messages are enqueued through it, so they join its transactions. */
  readonly sql: Sql
  readonly databaseUrl: string
  /** Of pg-boss's tables, which the migration step has made. */
  readonly schema: string
  readonly log: Logger
}

/** JobQueue on pg-boss. Its loops fetch, settle and hand back message by message, so a handler that throws fails only
 *  its own. A process that neither enqueues nor works never starts it. */
export class PgBossQueue implements JobQueue {
  readonly #options: PgBossQueueOptions
  readonly #workers: QueueWorker[] = []
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
    const boss = await this.#started()
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
    const boss = await this.#started()
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

  async close(): Promise<void> {
    clearInterval(this.#supervision)
    await Promise.all(this.#workers.map((worker) => worker.close()))
    await this.#supervising
    const boss = await this.#boss?.catch(() => undefined)
    await boss?.stop({ graceful: false })
  }

  #started(): Promise<PgBoss> {
    this.#boss ??= this.#outside(() => this.#start()).catch((error: unknown) => {
      this.#boss = undefined
      throw error
    })
    return this.#boss
  }

  async #start(): Promise<PgBoss> {
    const { databaseUrl, schema, log } = this.#options
    const ahead = (await installedVersion(this.#options)) > pgBossVersion()
    const boss = new PgBoss({
      connectionString: databaseUrl,
      schema,
      application_name: `balcao-${schema}`,
      max: 2, // a pool of its own: bookkeeping cannot wait for a connection that a transaction holds
      supervise: false, // by our own timer, where messages are worked on
      monitorIntervalSeconds: SUPERVISE_SECONDS,
      schedule: false,
      // Tables are the migration step's. Told to leave them alone, pg-boss takes no newer ones, which a rolling upgrade
      // brings; told to bring them up to date, it finds nothing to do on newer ones.
      migrate: ahead,
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

/** On a connection of its own: those of the service may all be held by transactions that wait for us.
 *  @throws AppError `config/schema_behind` where pg-boss's tables are missing or older than this release needs */
async function installedVersion({ databaseUrl, schema }: PgBossQueueOptions): Promise<number> {
  const needed = pgBossVersion()
  const version = await readVersion(databaseUrl, schema)
  if (version !== undefined && version >= needed) return version
  throw new AppError(
    'unavailable',
    'config/schema_behind',
    `The tables of ${schema} are ${version === undefined ? 'missing' : `at version ${version}`} and this release needs version ${needed}: run ROLE=migrate first.`,
  )
}

async function readVersion(databaseUrl: string, schema: string): Promise<number | undefined> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    const there = await client.query('select to_regclass($1) as version', [`${schema}.version`])
    if (there.rows[0].version === null) return undefined
    return (await client.query<{ version: number }>(`select version from ${schema}.version`)).rows[0]?.version
  } finally {
    await client.end()
  }
}

import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { getConstructionPlans, PgBoss } from 'pg-boss'
import { deadQueue } from './dead-queue.ts'

const HEARTBEAT_SECONDS = 10 // the least that pg-boss takes
const DAY = 86_400

/** The version of its tables that this release of pg-boss works on. */
export function pgBossVersion(): number {
  return Number(/version\(version\) VALUES \('(\d+)'\)/i.exec(getConstructionPlans('probe'))![1])
}

/** Makes pg-boss's tables and the queues in them, or brings both up to date: all of it is DDL, and so a part of the
 *  migration step.
 *  @param schema of pg-boss's tables  @param queues names of a service's queues */
export async function installPgBoss(databaseUrl: string, schema: string, queues: readonly string[]): Promise<void> {
  const boss = new PgBoss({
    connectionString: databaseUrl,
    schema,
    application_name: `balcao-migrate-${schema}`,
    max: 2,
    supervise: false,
    schedule: false,
    bamIntervalSeconds: 10, // the least that pg-boss takes
  })
  // A build that failed is tried again by pg-boss; what cannot succeed ends the wait below.
  boss.on('error', () => undefined)
  await boss.start()
  try {
    for (const queue of queues) await createQueue(boss, queue)
    await untilBuilt(databaseUrl, schema)
  } finally {
    await boss.stop({ graceful: false })
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

/** An upgrade leaves indexes to be built without a lock; other roles may not, so they are built before this step ends. */
async function untilBuilt(databaseUrl: string, schema: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    for (;;) {
      const { rows } = await client.query<{ status: string; error: string | null }>(
        `select status, error from ${schema}.bam where status <> 'completed' order by status = 'failed' desc limit 1`,
      )
      if (rows.length === 0) return
      if (rows[0]!.status === 'failed') throw new Error(`pg-boss could not build an index: ${rows[0]!.error}`)
      await delay(200)
    }
  } finally {
    await client.end()
  }
}

import type { Sql } from '@balcao/platform'
import { installPgBoss, PgBossQueue, PgBossStats } from '@balcao/platform/adapters'
import { jobQueueContract, testSchemas, until } from '@balcao/testing'
import { PgBoss } from 'pg-boss'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

let bakery: Awaited<ReturnType<typeof testSchemas>>
let sql: Sql
beforeAll(async () => {
  bakery = await testSchemas('bakery')
  sql = bakery.sqls[0]!
})
afterAll(() => bakery.close())

const SCHEMA = 'bakery_jobs'
const open = (over = sql) => new PgBossQueue({ sql: over, databaseUrl: bakery.url, schema: SCHEMA, log: bakery.log })
const install = (queues: readonly string[]) => installPgBoss(bakery.url, SCHEMA, queues)
const counts = (queue: string) => new PgBossStats(sql, SCHEMA).counts(queue)

jobQueueContract('PgBossQueue', async (queues) => {
  await install(queues)
  return {
    open: async () => open(),
    stats: new PgBossStats(sql, SCHEMA),
    transaction: (work) => sql.transaction(work),
    leaseSeconds: 10,
  }
})

describe('PgBossQueue', () => {
  beforeAll(() => install(['first', 'crowded', 'orphans', 'cut-off']))

  it('makes no table of its own: without the migration step it says what to run', async () => {
    const jobs = new PgBossQueue({ sql, databaseUrl: bakery.url, schema: 'unmade_jobs', log: bakery.log })
    try {
      await expect(jobs.enqueue('first', { n: '1' })).rejects.toMatchObject({
        code: 'config/schema_behind',
        message: expect.stringMatching(/unmade_jobs.*missing.*ROLE=migrate/),
      })
      expect(await sql.first(`select 1 from pg_namespace where nspname = 'unmade_jobs'`)).toBeUndefined()
    } finally {
      await jobs.close()
    }
  })

  it('works on tables that a newer release has made, and refuses those of an older one', async () => {
    await install(['first'])
    const { version } = (await sql.first<{ version: number }>(`select version from ${SCHEMA}.version`))!
    const release = async (n: number) => sql.run(`update ${SCHEMA}.version set version = $1`, [n])
    try {
      await release(version + 1)
      const newer = open()
      await newer.enqueue('first', { n: 'rolling' })
      await newer.close()
      await release(version - 1)
      const older = open()
      await expect(older.enqueue('first', { n: 'behind' })).rejects.toMatchObject({ code: 'config/schema_behind' })
      await older.close()
    } finally {
      await release(version)
      await sql.run(`delete from ${SCHEMA}.job where name = 'first'`)
    }
  })

  it('can be used first within transactions that hold every connection', async () => {
    const narrow = bakery.open('bakery', 2)
    const jobs = open(narrow)
    try {
      await Promise.all(['a', 'b'].map((n) => narrow.transaction(() => jobs.enqueue('first', { n }))))
      expect((await counts('first')).waiting).toBe(2)
    } finally {
      await jobs.close()
      await narrow.close()
    }
  })

  it('can be used first by many processes at once', async () => {
    const all = Array.from({ length: 4 }, () => open())
    try {
      await Promise.all(all.map((jobs, n) => jobs.enqueue('crowded', { n: String(n) })))
      expect((await counts('crowded')).waiting).toBe(4)
    } finally {
      await Promise.all(all.map((jobs) => jobs.close()))
    }
  })

  it('gives a message of a worker that died to another one', async () => {
    const heir = open()
    const dead = new PgBoss({ connectionString: bakery.url, schema: 'bakery_jobs', supervise: false, schedule: false })
    try {
      await heir.enqueue('orphans', { n: '1' })
      await dead.start()
      expect(await dead.fetch('orphans')).toHaveLength(1)
      const seen: string[] = []
      const options = { concurrency: 1, retries: 3, retryDelaySeconds: 0 }
      await heir.work('orphans', options, async ({ data }) => void seen.push(data.n!))
      // Its last sign of life was long ago.
      await sql.run(`update bakery_jobs.job set heartbeat_on = now() - interval '1 minute' where name = 'orphans'`)
      await until(() => seen.length === 1)
    } finally {
      await Promise.all([dead.stop({ graceful: false }), heir.close()])
    }
  })

  it('stops a handler whose message was given to another worker', async () => {
    const jobs = open()
    try {
      const stopped = Promise.withResolvers<void>()
      await jobs.work('cut-off', { concurrency: 1, retries: 3, retryDelaySeconds: 3600 }, async ({ signal }) => {
        await sql.run(`update bakery_jobs.job set state = 'retry' where name = 'cut-off'`)
        await new Promise((resolve) => signal.addEventListener('abort', resolve))
        stopped.resolve()
      })
      await jobs.enqueue('cut-off', { n: '1' })
      await stopped.promise
    } finally {
      await jobs.close()
    }
  })
})

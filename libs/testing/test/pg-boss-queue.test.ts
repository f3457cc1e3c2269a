import { PgBossQueue, type Sql } from '@balcao/platform'
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

const open = (schema = 'bakery_jobs', over = sql) =>
  new PgBossQueue({ sql: over, databaseUrl: bakery.url, schema, log: bakery.log })

jobQueueContract('PgBossQueue', async () => ({
  open: async () => open(),
  transaction: (work) => sql.transaction(work),
  leaseSeconds: 10,
}))

describe('PgBossQueue', () => {
  it('leaves the database alone until it is used', async () => {
    const jobs = open('unused_jobs')
    await jobs.close()
    expect(await sql.first(`select 1 from pg_namespace where nspname = 'unused_jobs'`)).toBeUndefined()
  })

  it('can be used first within transactions that hold every connection', async () => {
    const narrow = bakery.open('bakery', 2)
    const jobs = open('narrow_jobs', narrow)
    try {
      await Promise.all(['a', 'b'].map((n) => narrow.transaction(() => jobs.enqueue('first', { n }))))
      expect((await jobs.counts('first')).waiting).toBe(2)
    } finally {
      await jobs.close()
      await narrow.close()
    }
  })

  it('can be used first by many processes at once', async () => {
    const all = Array.from({ length: 4 }, () => open('crowded_jobs'))
    try {
      await Promise.all(all.map((jobs, n) => jobs.enqueue('first', { n: String(n) })))
      expect((await all[0]!.counts('first')).waiting).toBe(4)
    } finally {
      await Promise.all(all.map((jobs) => jobs.close()))
    }
  })

  it('leaves a repeated task to the process that has it, and takes it over when that one has died', async () => {
    const jobs = open()
    try {
      await sql.run(`insert into schedules values ('held', now(), now() + interval '1 hour')`)
      await sql.run(`insert into schedules values ('orphaned', now(), now() - interval '1 second')`)
      const turns: string[] = []
      await jobs.every('held', 0.1, async () => void turns.push('held'))
      await jobs.every('orphaned', 0.1, async () => void turns.push('orphaned'))
      await until(() => turns.length >= 3)
      expect(turns).not.toContain('held')
    } finally {
      await jobs.close()
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

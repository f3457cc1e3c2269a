import type { Sql } from '@balcao/platform'
import { PgScheduler } from '@balcao/platform/adapters'
import { schedulerContract, testSchemas, until } from '@balcao/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

let bakery: Awaited<ReturnType<typeof testSchemas>>
let sql: Sql
beforeAll(async () => {
  bakery = await testSchemas('bakery')
  sql = bakery.sqls[0]!
})
afterAll(() => bakery.close())

schedulerContract('PgScheduler', async () => new PgScheduler(sql, bakery.log))

describe('PgScheduler', () => {
  it('leaves a repeated task to the process that has it, and takes it over when that one has died', async () => {
    const scheduler = new PgScheduler(sql, bakery.log)
    try {
      await sql.run(`insert into schedules values ('held', now(), now() + interval '1 hour')`)
      await sql.run(`insert into schedules values ('orphaned', now(), now() - interval '1 second')`)
      const turns: string[] = []
      await scheduler.every('held', 0.1, async () => void turns.push('held'))
      await scheduler.every('orphaned', 0.1, async () => void turns.push('orphaned'))
      await until(() => turns.length >= 3)
      expect(turns).not.toContain('held')
    } finally {
      await scheduler.close()
    }
  })
})

import { ManualClock } from '@balcao/kernel'
import { PostgresCache } from '@balcao/platform/adapters'
import { cacheContract, testSchemas } from '@balcao/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const clock = new ManualClock()
let shop: Awaited<ReturnType<typeof testSchemas>>
beforeAll(async () => {
  shop = await testSchemas('shop')
})
afterAll(() => shop.close())

cacheContract('PostgresCache', async () => ({
  cache: new PostgresCache(shop.sqls[0]!, clock),
  advance: (seconds) => clock.advance(seconds),
  transaction: (work) => shop.sqls[0]!.transaction(work),
}))

describe('PostgresCache', () => {
  it('gives the space of expired entries back', async () => {
    const sql = shop.sqls[0]!
    const cache = new PostgresCache(sql, clock)
    await cache.set('old', 'a', 10)
    clock.advance(120)
    await cache.set('young', 'b', 10)
    expect(await sql.first(`select key from cache_entries where key in ('old', 'young')`)).toEqual({ key: 'young' })
  })
})

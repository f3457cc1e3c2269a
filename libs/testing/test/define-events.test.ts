import { ManualClock } from '@balcao/kernel'
import { defineEvents, event, type Sql } from '@balcao/platform'
import { PostgresEventBus } from '@balcao/platform/adapters'
import { Metrics } from '@balcao/platform/open'
import { testSchemas } from '@balcao/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

const bakeryEvents = defineEvents('bakery', {
  loaf_sold: event<{ loafId: string; price: bigint }>({ says: 'Loaves sold', audit: true }),
  oven_lit: event<{ result: string; oven: number }>({ says: 'Ovens lit', metric: 'ovens_total', labels: ['result'] }),
  stored: event<{ bucket: string; key: string; size: number; etag: string }>({
    says: 'Things stored',
    publish: { topic: 'object-store.object-created', id: ({ key }) => key },
  }),
  closed: event<Record<never, never>>({ says: 'Evenings' }),
})

const clock = new ManualClock()
let bakery: Awaited<ReturnType<typeof testSchemas>>
let sql: Sql
let bus: PostgresEventBus
let metrics: Metrics
let logged: unknown[]
let tell: ReturnType<typeof bakeryEvents.open>

beforeAll(async () => {
  bakery = await testSchemas('bakery')
  sql = bakery.sqls[0]!
  bus = new PostgresEventBus({ sql, log: bakery.log, clock })
})
beforeEach(() => {
  metrics = new Metrics()
  logged = []
  const log = { info: (...line: unknown[]) => void logged.push(line) }
  tell = bakeryEvents.open({ sql, events: bus, log: log as never, metrics, clock })
})
afterAll(async () => {
  await bus.close()
  await bakery.close()
})

const audited = () => sql.query<{ event: string; fields: unknown }>('select event, fields from audit order by seq')

describe('an event', () => {
  it('is written for the auditor in the transaction, logged and counted after it', async () => {
    await sql.transaction(async () => {
      await tell.loaf_sold({ loafId: 'l1', price: 9007199254740993n })
      expect(await audited()).toMatchObject([{ event: 'loaf_sold' }])
      expect([logged, metrics.takeCounted()]).toEqual([[], []])
    })
    expect(await audited()).toEqual([{ event: 'loaf_sold', fields: { loafId: 'l1', price: '9007199254740993' } }])
    expect(logged).toEqual([[{ event: 'loaf_sold', loafId: 'l1', price: 9007199254740993n }, 'Loaves sold']])
    expect(await metrics.text()).toContain('bakery_loaf_sold_total 1')
  })

  it('did not happen when its transaction was taken back', async () => {
    const before = await audited()
    const taken = sql.transaction(async () => {
      await tell.loaf_sold({ loafId: 'l2', price: 1n })
      await tell.oven_lit({ result: 'ok', oven: 1 })
      throw new Error('the till broke')
    })
    await expect(taken).rejects.toThrow('the till broke')
    expect([await audited(), logged, metrics.takeCounted()]).toEqual([before, [], []])
  })

  it('is counted by its labels only, under the name it has', async () => {
    await tell.oven_lit({ result: 'ok', oven: 1 })
    await tell.oven_lit({ result: 'ok', oven: 2 })
    await tell.oven_lit({ result: 'cold', oven: 1 })
    await tell.closed()
    const text = await metrics.text()
    expect(text).toContain('ovens_total{result="ok"} 2')
    expect(text).toContain('ovens_total{result="cold"} 1')
    expect(text).toContain('bakery_closed_total 1')
  })

  it('that others hear of leaves by the outbox, once', async () => {
    const stored = { bucket: 'b', key: 'k1', size: 1, etag: 'e' }
    await tell.stored(stored)
    await tell.stored(stored)
    const rows = await sql.query(`select event_id, payload from outbox where topic = 'object-store.object-created'`)
    expect(rows).toEqual([{ event_id: 'k1', payload: stored }])
  })

  it('takes its own fields and no others, and a topic that carries them', () => {
    // @ts-expect-error: a field is missing
    void (() => tell.loaf_sold({ loafId: 'l1' }))
    // @ts-expect-error: the topic carries other fields
    event<{ loafId: string }>({ says: '', publish: { topic: 'object-store.object-created', id: () => '' } })
    // @ts-expect-error: no such field to count by
    event<{ loafId: string }>({ says: '', labels: ['oven'] })
    expect(true).toBe(true)
  })
})

import { ManualClock } from '@balcao/kernel'
import { PostgresEventBus } from '@balcao/platform/adapters'
import { eventBusContract, testSchemas, until } from '@balcao/testing'
import { afterEach, describe, expect, it } from 'vitest'

const TOPIC = 'object-store.object-created'
const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

/** A database with three services, in which nothing was ever published. */
async function aBus() {
  const clock = new ManualClock()
  const house = await testSchemas('publisher', 'consumer', 'other')
  closing.push(() => house.close())
  for (const sql of house.sqls) await sql.run('create table notes (text text)')
  const open = (service: string) => {
    const sql = house.sqls[['publisher', 'consumer', 'other'].indexOf(service)]!
    const bus = new PostgresEventBus({ sql, log: house.log, clock, pollSeconds: 0.1 })
    return { bus, sql }
  }
  return { clock, open, sql: house.sqls[0]! }
}

eventBusContract('PostgresEventBus', async () => {
  const { clock, open } = await aBus()
  return { open: async (service) => open(service), waitForRetry: () => clock.advance(1) }
})

describe('PostgresEventBus', () => {
  const event = (key: string) => ({ bucket: 'b', key, size: 1, etag: 'e' })

  it('carries over what a process left in the outbox that died after its commit', async () => {
    const { clock, open } = await aBus()
    const consumer = open('consumer')
    const heard: string[] = []
    await consumer.bus.subscribe(TOPIC, 'listener', async ({ key }) => void heard.push(key))
    const dead = open('publisher')
    await dead.bus.close()
    await dead.sql.run(`insert into outbox (topic, event_id, payload, created_at) values ($1, '1', $2, $3)`, [
      TOPIC,
      JSON.stringify(event('left')),
      clock.now(),
    ])
    const next = open('publisher')
    closing.push(
      () => next.bus.close(),
      () => consumer.bus.close(),
    )
    await until(() => heard.includes('left'))
  })

  it('waits longer after each failure, and gives an event up after the tenth with its error kept', async () => {
    const { clock, open, sql } = await aBus()
    const [publisher, consumer] = [open('publisher'), open('consumer')]
    closing.push(
      () => publisher.bus.close(),
      () => consumer.bus.close(),
    )
    let tries = 0
    await consumer.bus.subscribe(TOPIC, 'listener', async () => {
      tries++
      throw new Error('no room for ana@example.com')
    })
    await publisher.bus.publish(TOPIC, '1', event('bad'))
    const waits: number[] = []
    for (let attempt = 1; attempt <= 10; attempt++) {
      const row = await until(() =>
        sql.first<{ next_at: Date }>('select next_at from bus.deliveries where attempts = $1', [attempt]),
      )
      const wait = (row.next_at.getTime() - clock.now().getTime()) / 1000
      waits.push(wait)
      clock.advance(wait)
    }
    expect(tries).toBe(10)
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300])
    const [dead] = await sql.query<{ error: string; dead_at: Date | null }>('select error, dead_at from bus.deliveries')
    expect(dead).toEqual({ error: 'Error: no room for [e-mail]', dead_at: expect.any(Date) })
  })

  it('leaves nothing behind when an event was handled', async () => {
    const { open, sql } = await aBus()
    const [publisher, consumer] = [open('publisher'), open('consumer')]
    closing.push(
      () => publisher.bus.close(),
      () => consumer.bus.close(),
    )
    await consumer.bus.subscribe(TOPIC, 'listener', async () => undefined)
    await publisher.bus.publish(TOPIC, '1', event('done'))
    await until(() => consumer.sql.first('select 1 as one from inbox'))
    expect(await sql.query('select 1 from bus.deliveries')).toEqual([])
    expect(await sql.query('select 1 from outbox where published_at is null')).toEqual([])
  })

  it('applies an event once that is delivered twice', async () => {
    const { clock, open, sql } = await aBus()
    const [publisher, consumer] = [open('publisher'), open('consumer')]
    closing.push(
      () => publisher.bus.close(),
      () => consumer.bus.close(),
    )
    const heard: string[] = []
    await consumer.bus.subscribe(TOPIC, 'listener', async ({ key }) => void heard.push(key))
    await publisher.bus.publish(TOPIC, '1', event('once'))
    await until(() => consumer.sql.first('select 1 as one from inbox'))
    await sql.run(
      `insert into bus.deliveries (topic, consumer, event_id, payload, next_at) values ($1, 'listener', '1', $2, $3)`,
      [TOPIC, JSON.stringify(event('twice')), clock.now()],
    )
    await until(async () => (await sql.query('select 1 from bus.deliveries')).length === 0)
    expect(heard).toEqual(['once'])
  })

  it('refuses to publish what the topic does not describe', async () => {
    const { open } = await aBus()
    const { bus } = open('publisher')
    closing.push(() => bus.close())
    await expect(bus.publish(TOPIC, '1', { bucket: 'b' } as never)).rejects.toThrow()
  })

  it('can be opened by many processes at once on an empty database', async () => {
    const { open } = await aBus()
    const all = Array.from({ length: 6 }, (_, n) => open(['publisher', 'consumer', 'other'][n % 3]!))
    closing.push(
      ...all.map(
        ({ bus }) =>
          () =>
            bus.close(),
      ),
    )
    const heard: string[] = []
    await Promise.all(all.map(({ bus }, n) => bus.subscribe(TOPIC, `c${n}`, async ({ key }) => void heard.push(key))))
    await all[0]!.bus.publish(TOPIC, '1', event('all'))
    await until(() => heard.length === 6)
  })
})

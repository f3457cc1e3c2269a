import { defineService, type Platform } from '@balcao/platform'
import { migrateService, openPlatform } from '@balcao/platform/open'
import { createTestDatabase, testConfig, until } from '@balcao/testing'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'

const service = (migrations: Record<string, string>) =>
  defineService({
    name: 'bakery',
    parts: [],
    connections: 4,
    needs: ['sql', 'queue', 'queueStats', 'scheduler', 'events', 'cache'],
    migrations: async () => migrations,
    queues: { bake: z.object({ loaf: z.string() }) },
    open: async (platform) => platform,
    work: { bake: { part: '', concurrency: 1, retries: 0, retryDelaySeconds: 0, handle: async () => undefined } },
  })
const first = { '0001_loaves': 'create table loaves (id serial primary key, kind text not null)' }
const second = { ...first, '0002_price': 'alter table loaves add column price bigint' }

const WORKER = 'bakery_worker'
let database: Awaited<ReturnType<typeof createTestDatabase>>
let owner: string
let worker: string
const opened: { close(): Promise<void> }[] = []

/** Opens the service as the user of everyday work. */
async function open(migrations = first): Promise<Platform> {
  const { config, remove } = await testConfig(worker)
  opened.push({ close: remove })
  const platform = await openPlatform(config, service(migrations))
  opened.push(platform)
  return platform as Platform
}
const migrate = (migrations = first) =>
  migrateService(service(migrations), { migrationDatabaseUrl: owner, databaseUrl: worker })

beforeAll(async () => {
  database = await createTestDatabase()
  owner = database.url
  const client = new pg.Client({ connectionString: owner })
  await client.connect()
  await client.query(`do $$ begin create role ${WORKER} login; exception when duplicate_object then null; end $$`)
  await client.end()
  const url = new URL(owner)
  url.username = WORKER
  worker = url.href
})
afterAll(async () => {
  for (const each of opened.reverse()) await each.close()
  await database.drop()
})

describe('the migration step', () => {
  it('comes before everything else: a process on an empty database says what to run', async () => {
    await expect(open()).rejects.toMatchObject({
      code: 'config/schema_behind',
      message: expect.stringMatching(
        /^The schema "bakery" lacks platform.0001_platform, .*0001_loaves: run ROLE=migrate with this release first\.$/,
      ),
    })
  })

  it('D2-14: may be run by several at once, and again', async () => {
    await Promise.all([migrate(), migrate(), migrate()])
    await migrate()
  })

  it('leaves everyday work to a user who can make and change no table', async () => {
    const { sql, queue, queueStats, scheduler, events, cache } = await open()
    const heard: string[] = []
    await events.subscribe('object-store.object-created', 'bakery', async ({ key }) => void heard.push(key))
    await queue.work('bake', { concurrency: 1, retries: 1, retryDelaySeconds: 0 }, async ({ data }) => {
      heard.push(data.loaf!)
    })
    await scheduler.every('tidy', 0.1, async () => void heard.push('tidied'))
    await sql.transaction(async () => {
      await sql.run(`insert into loaves (kind) values ('rye')`)
      await queue.enqueue('bake', { loaf: 'rye' })
      await events.publish('object-store.object-created', '1', { bucket: 'b', key: 'told', size: 1, etag: 'e' })
    })
    await cache.set('warm', 'yes', 60)
    await until(() => ['rye', 'told', 'tidied'].every((word) => heard.includes(word)))
    expect(await cache.get('warm')).toBe('yes')
    expect((await queueStats.counts('bake')).dead).toBe(0)
    for (const ddl of [
      'create table mine ()',
      'alter table loaves add column mine int',
      'drop table loaves',
      'create schema mine',
    ]) {
      await expect(sql.run(ddl)).rejects.toMatchObject({ code: '42501' })
    }
  })

  it('is asked for by a release that needs more than is there, and the release before works on', async () => {
    const before = await open()
    await expect(open(second)).rejects.toMatchObject({ message: expect.stringMatching(/lacks 0002_price:/) })
    await migrate(second)
    const after = await open(second)
    await after.sql.run(`insert into loaves (kind, price) values ('wheat', 3)`)
    await before.sql.run(`insert into loaves (kind) values ('spelt')`)
    const again = await open(first)
    expect(await again.sql.query('select kind from loaves order by id')).toHaveLength(3)
  })

  it('is asked for where only the bus that all share is behind', async () => {
    const client = new pg.Client({ connectionString: owner })
    await client.connect()
    await client.query(`delete from bus.migrations`)
    await client.end()
    await expect(open(second)).rejects.toMatchObject({ message: expect.stringMatching(/^The schema "bus" lacks 0001/) })
    await migrate(second)
    await open(second)
  })
})

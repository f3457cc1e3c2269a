import { createServer } from 'node:http'
import { systemClock } from '@balcao/kernel'
import { currentTraceparent, span, withTraceparent } from '@balcao/platform'
import { installPgBoss, PgBossQueue, PostgresEventBus } from '@balcao/platform/adapters'
import { startTracing } from '@balcao/platform/open'
import { testSchemas } from '@balcao/testing'
import { expect, it } from 'vitest'

const TRACE = '0af7651916cd43dd8448eb211c80319c'

it('carries the trace of a request into the job and the event that it causes', async () => {
  const collector = createServer((request, response) => void request.resume().on('end', () => response.end('{}')))
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve))
  const tracing = startTracing(`http://127.0.0.1:${(collector.address() as { port: number }).port}`, 'test')
  const house = await testSchemas('bakery')
  const [sql] = house.sqls
  await installPgBoss(house.url, 'bakery_jobs', ['bake'])
  const jobs = new PgBossQueue({ sql: sql!, databaseUrl: house.url, schema: 'bakery_jobs', log: house.log })
  const bus = new PostgresEventBus({ sql: sql!, log: house.log, clock: systemClock })
  try {
    const [inJob, inEvent] = [Promise.withResolvers<string>(), Promise.withResolvers<string>()]
    await jobs.work('bake', { concurrency: 1, retries: 0, retryDelaySeconds: 0 }, async () =>
      inJob.resolve(currentTraceparent()!),
    )
    await bus.subscribe('object-store.object-created', 'listener', async () => inEvent.resolve(currentTraceparent()!))
    await withTraceparent(`00-${TRACE}-b7ad6b7169203331-01`, () =>
      span('request', {}, async () => {
        await jobs.enqueue('bake', {})
        await bus.publish('object-store.object-created', '1', { bucket: 'b', key: 'k', size: 1, etag: 'e' })
      }),
    )
    expect((await inJob.promise).split('-')[1]).toBe(TRACE)
    expect((await inEvent.promise).split('-')[1]).toBe(TRACE)
  } finally {
    await Promise.all([jobs.close(), bus.close()])
    await house.close()
    await tracing.close()
    await new Promise((resolve) => collector.close(resolve))
  }
})

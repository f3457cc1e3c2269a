import { objectStore } from '@balcao/object-store'
import type { Platform, Running } from '@balcao/platform'
import { startService, testApi, testPlatform } from '@balcao/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { storeEvents } from '../src/index.ts'
import { open, type StoreEvents } from '../src/open.ts'

const token = 't'.repeat(32)

describe('the webhook for a store that is not ours', () => {
  let store: Platform
  let platform: Platform
  let ears: StoreEvents
  const running: Running[] = []
  let api: { url: string; close(): Promise<void> }

  beforeAll(async () => {
    // Our own store stands for somebody else's: it is asked over S3's protocol only.
    store = await testPlatform(objectStore)
    running.push(await startService(objectStore, store))
    const { config } = store
    const foreign = { ...config.store, kind: 's3' as const, events: { queueUrl: undefined, token } }
    platform = { ...(await testPlatform(storeEvents, { on: store })), config: { ...config, store: foreign } }
    ears = await open(platform)
    api = await testApi(storeEvents, platform, ears)
  })
  afterAll(async () => {
    await api?.close()
    await ears?.close()
    await platform?.close()
    for (const each of running) await each.close()
    await store?.close()
  })

  const send = async (body: unknown, authorization = `Bearer ${token}`) => {
    const headers = { 'content-type': 'application/json', authorization }
    return (await fetch(`${api.url}/store-events`, { method: 'POST', headers, body: JSON.stringify(body) })).status
  }
  const published = () =>
    platform.sql.query<{ payload: { key: string; size: number } }>('select payload from outbox order by seq')
  const created = (bucket: string, key: string) => ({
    Records: [{ eventName: 'ObjectCreated:Put', s3: { bucket: { name: bucket }, object: { key, size: 999 } } }],
  })

  it('publishes what the store has under that key, whatever the notification says of its size', async () => {
    const { tempBucket } = platform.config.store
    const stored = await platform.objects.bucket(tempBucket).put('input/a b', Buffer.from('bytes'), 'video/mp4')
    expect(await send(created(tempBucket, 'input/a+b'))).toBe(204)
    expect((await published()).map(({ payload }) => payload)).toEqual([{ bucket: tempBucket, ...stored }])
  })

  it("publishes nothing of what is not there, or lies in somebody else's bucket", async () => {
    const before = await published()
    expect(await send(created(platform.config.store.tempBucket, 'gone'))).toBe(204)
    expect(await send(created('another-bucket', 'input/a+b'))).toBe(204)
    expect(await published()).toEqual(before)
  })

  it.each(['', 'Bearer ', `Bearer ${'x'.repeat(32)}`, `Bearer ${token}x`, `Basic ${token}`])(
    'lets nobody in with %j',
    async (authorization) => {
      expect(await send(created('b', 'k'), authorization)).toBe(401)
    },
  )

  it('refuses what is no notification', async () => {
    expect(await send({ hello: 'world' })).toBe(400)
  })
})

import { newId } from '@balcao/kernel'
import type { RedisConfig } from '@balcao/platform'
import { RedisCache } from '@balcao/platform/adapters'
import { cacheContract, testSchemas } from '@balcao/testing'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'

let shop: Awaited<ReturnType<typeof testSchemas>>
const opened: RedisCache[] = []
beforeAll(async () => {
  shop = await testSchemas('shop')
})
afterAll(async () => {
  await Promise.all(opened.map((cache) => cache.close()))
  await shop.close()
})

/** `redis://host:port` or `rediss://:password@host:port` as the configuration has it. */
function configOf(address: string, given: Partial<RedisConfig> = {}): RedisConfig {
  const url = new URL(address)
  const tls = url.protocol === 'rediss:'
  return {
    kind: 'redis',
    host: url.hostname,
    port: Number(url.port),
    tls,
    caFile: tls ? inject('peerRedisCa') : undefined,
    username: undefined,
    password: url.password || undefined,
    ...given,
  }
}

async function open(config: RedisConfig): Promise<RedisCache> {
  const cache = await RedisCache.open(config, { prefix: `${newId()}:`, sql: shop.sqls[0]!, log: shop.log })
  opened.push(cache)
  return cache
}

/** A Redis keeps real time: its seconds are waited for. */
const pass = (seconds: number) => new Promise<void>((resolve) => setTimeout(resolve, seconds * 1000))
const transaction = <T>(work: () => Promise<T>) => shop.sqls[0]!.transaction(work)

cacheContract('RedisCache', async () => {
  return { cache: await open(configOf(inject('peerRedisUrl'))), advance: pass, transaction }
})
cacheContract('RedisCache over TLS with a password', async () => {
  return { cache: await open(configOf(inject('peerRedisTlsUrl'))), advance: pass, transaction }
})

describe('RedisCache', () => {
  it.each([
    ['nobody listens', () => configOf(inject('peerRedisUrl'), { port: 1 })],
    ['the password is wrong', () => configOf(inject('peerRedisTlsUrl'), { password: 'wrong' })],
    ['the authority is not trusted', () => configOf(inject('peerRedisTlsUrl'), { caFile: undefined })],
  ])('says at the start what to check where %s', async (_, config) => {
    await expect(open(config())).rejects.toMatchObject({
      code: 'cache/unavailable',
      message: expect.stringMatching(/cannot be used: .*Check REDIS_HOST/),
    })
  })

  it('D4-07: keeps the keys of two services apart', async () => {
    const [one, other] = [await open(configOf(inject('peerRedisUrl'))), await open(configOf(inject('peerRedisUrl')))]
    await one.set('same', 'mine', 60)
    expect(await other.get('same')).toBeUndefined()
  })
})

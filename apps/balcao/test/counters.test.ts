import { Metrics } from '@balcao/platform/open'
import { testPlatform } from '@balcao/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { metricsText, saveCounted } from '../src/counters.ts'
import { house } from '../src/house.ts'

let platform: Awaited<ReturnType<typeof testPlatform>>
beforeAll(async () => {
  platform = await testPlatform(house)
})
afterAll(() => platform.close())

const sum = async (name: string) =>
  new RegExp(`^${name} (\\d+)$`, 'm').exec(await metricsText(platform, new Metrics()))?.[1]

describe('what processes have counted', () => {
  it('D1-36: is in the metrics of every process, also of a worker and a pool that have no port', async () => {
    const [pool, worker, http] = [new Metrics(), new Metrics(), new Metrics()]
    pool.count('user_pool_registered_total', 'Accounts created')
    worker.count('video_job_finished_total', 'Jobs done')
    worker.count('video_job_finished_total', 'Jobs done')
    for (const each of [pool, worker]) await saveCounted(platform, each)
    http.count('video_job_finished_total', 'Jobs done')
    const text = await metricsText(platform, http)
    expect(text).toContain('user_pool_registered_total 1')
    expect(text).toContain('video_job_finished_total 3')
  })

  it('adds up whoever saves at the same time, and no deadlock comes of it', async () => {
    const names = Array.from({ length: 20 }, (_, n) => `counted_${n}_total`)
    const processes = Array.from({ length: 16 }, (_, n) => {
      const metrics = new Metrics()
      for (const name of n % 2 ? names : names.toReversed()) metrics.count(name, 'Counted', { kind: 'a', more: 'b' })
      return metrics
    })
    await Promise.all(processes.map((metrics) => saveCounted(platform, metrics)))
    const text = await metricsText(platform, new Metrics())
    for (const name of names) expect(text).toContain(`${name}{kind="a",more="b"} 16`)
  })

  it('is kept while the database is away, and told by the process itself', async () => {
    const metrics = new Metrics()
    metrics.count('patient_total', 'Patience')
    const away = {
      ...platform,
      sql: {
        ...platform.sql,
        run: () => Promise.reject(new Error('away')),
        query: () => Promise.reject(new Error('away')),
      },
    }
    await expect(saveCounted(away as never, metrics)).rejects.toThrow('away')
    expect(await metricsText(away as never, metrics)).toContain('patient_total 1')
    metrics.count('patient_total', 'Patience')
    await saveCounted(platform, metrics)
    expect(await sum('patient_total')).toBe('2')
  })
})

import { once } from 'node:events'
import { freePort, until } from '@balcao/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { apiJourney } from './support/api-journey.ts'
import { Clips } from './support/media.ts'
import { hasEnded, partNames, SplitHouse } from './support/split-house.ts'

describe('every part as processes of its own on one database, two of each', () => {
  let clips: Clips
  let house: SplitHouse

  beforeAll(async () => {
    clips = await Clips.open()
    house = await SplitHouse.start(2)
  })
  afterAll(async () => {
    await house?.close()
    await clips?.remove()
  })

  it('D3-24, FX-8: passes the journey', async () => {
    await apiJourney(house.url, clips.toEncode)
  })

  it('D1-36, D1-37: tells in the metrics of the API what the pool and the workers counted', async () => {
    await until(async () => {
      const text = await (await fetch(`${house.url}/metrics`)).text()
      const counted = ['user_pool_mfa_activated_total', 'auth_registrations_total', 'video_job_finished_total']
      return counted.every((name) => new RegExp(`^${name}\\S* [1-9]`, 'm').test(text))
    })
  })

  it('passes it again with one of each gone', async () => {
    for (const name of partNames) await house.stop(house.alive(name)!)
    await house.ready()
    await apiJourney(house.url, clips.small)
  })

  it('D2-19: says which part is missing once the last of it is gone, and lives on', async () => {
    await house.stop(house.alive('worker')!)
    await until(async () => (await fetch(`${house.url}/health/ready`)).status === 503)
    const { dependencies } = (await (await fetch(`${house.url}/health/ready`)).json()) as {
      dependencies: Record<string, { status: string }>
    }
    const down = Object.entries(dependencies).filter(([, { status }]) => status === 'down')
    expect(down.map(([name]) => name)).toEqual(['worker:auth', 'worker:video-processor'])
    expect(Object.keys(dependencies)).toEqual(expect.arrayContaining(['database', 'user-pool', 'object-store']))
    expect((await fetch(`${house.url}/health/live`)).status).toBe(200)
  })

  it('ended without a complaint', () => {
    const ended = house.processes.filter(hasEnded)
    expect(ended).toHaveLength(partNames.length + 1)
    expect(ended.flatMap(({ name, process, output }) => (process.exitCode === 0 ? [] : [name, output()]))).toEqual([])
  })

  it('D0-13: refuses to start a part on a shared database without keys to share', async () => {
    const { url } = house.postgres
    const env = { DATABASE_URL: url, SERVICES: 'auth', ROLE: 'http', PORT: String(await freePort()) }
    const lonely = house.run('lonely', env)
    const [code] = await once(lonely.process, 'exit')
    expect(code).toBe(78)
    expect(lonely.output()).toMatch(/they must share their keys too: set DATA_DIR/)
  })
})

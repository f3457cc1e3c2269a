import { once } from 'node:events'
import { freePort } from '@balcao/testing'
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

  it('passes it again with one of each gone', async () => {
    for (const name of partNames) await house.stop(house.alive(name)!)
    await house.ready()
    await apiJourney(house.url, clips.small)
  })

  it('ended without a complaint', () => {
    const ended = house.processes.filter(hasEnded)
    expect(ended).toHaveLength(partNames.length)
    expect(ended.map(({ name, process, output }) => (process.exitCode === 0 ? 0 : [name, output()]))).toEqual([
      0, 0, 0, 0,
    ])
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

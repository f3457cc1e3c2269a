import { framesRoutes } from '@balcao/contracts'
import { until } from '@balcao/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { call } from './support/api.ts'
import { playThrough } from './support/api-journey.ts'
import { type Balcao, startBalcao } from './support/balcao.ts'
import { Clips } from './support/media.ts'
import { onFailure } from './support/on-failure.ts'
import { Person } from './support/person.ts'

let balcao: Balcao
let clips: Clips
onFailure(() => ({ balcao }))
beforeAll(async () => {
  clips = await Clips.open()
  // Node collects garbage often, and with it files that nobody closed (DEP0137).
  const options = '--trace-deprecation --pending-deprecation --max-semi-space-size=1'
  balcao = await startBalcao({ env: { NODE_OPTIONS: options } })
})
afterAll(async () => {
  await balcao?.remove()
  await clips?.remove()
})

it('a film from its upload to its images makes Node warn of nothing that will go', async () => {
  const ana = await Person.signUp(balcao.url)
  const { id } = await ana.upload(clips.toEncode)
  await ana.processed(id)
  await playThrough(ana, id)
  const which = { token: ana.token, params: { id } }
  const { id: framesId } = await call(balcao.url, framesRoutes.requestFrames, { ...which, body: { count: 3 } })
  await until(async () => {
    const { items } = await call(balcao.url, framesRoutes.listFrames, which)
    return items.find((frames) => frames.id === framesId)?.state === 'done'
  }, 60)
  await balcao.stop()
  expect(
    balcao.output.split('\n').filter((line) => /\[DEP\d+\]|DeprecationWarning|Closing file descriptor/.test(line)),
  ).toEqual([])
})

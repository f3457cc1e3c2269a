import { randomInt } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { eachOf } from '@balcao/kernel'
import { until } from '@balcao/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { playThrough } from './support/api-journey.ts'
import { type Balcao, startBalcao } from './support/balcao.ts'
import { Clips } from './support/media.ts'
import { onFailure } from './support/on-failure.ts'
import { Person } from './support/person.ts'

const UPLOADS = 50
const KILLS = 20
const AT_ONCE = 3

describe('uploads while the API and the worker are killed at random', () => {
  let balcao: Balcao
  let clips: Clips
  let person: Person

  onFailure(() => ({ balcao }))

  beforeAll(async () => {
    clips = await Clips.open()
    balcao = await startBalcao()
    person = await Person.signUp(balcao.url)
  })
  afterAll(async () => {
    await balcao?.remove()
    await clips?.remove()
  })

  it(`D3-04, FX-3: are finished once each: ${UPLOADS} uploads, ${KILLS} kills, none lost`, {
    timeout: 900_000,
  }, async () => {
    const clip = clips.small
    const killing = killAtRandom()
    const names = Array.from({ length: UPLOADS }, (_, i) => `vídeo ${i + 1}.mp4`)
    await eachOf(names, { atOnce: AT_ONCE }, async (name) => void (await insist(() => person.uploadAgain(clip, name))))
    await killing
    await balcao.ready(120)

    const videos = await until(async () => {
      const all = await person.videos()
      return all.every(({ state }) => state === 'ready' || state === 'failed') && all
    }, 600)
    expect(videos.filter(({ state }) => state !== 'ready')).toEqual([])
    expect(videos.map(({ title }) => title).sort()).toEqual([...names].sort())

    // The journal tells each job's end as it commits; a worker that dies between the two leaves one untold.
    const ends = balcao.output.match(/"event":"job_finished".*?"videoId":"([^"]+)"/g) ?? []
    expect(ends.length).toBeGreaterThan(UPLOADS / 2)
    expect(new Set(ends.map((line) => /"videoId":"([^"]+)"/.exec(line)![1])).size).toBe(ends.length)
    for (const { id } of videos.slice(0, 5)) await playThrough(person, id)
  })

  async function killAtRandom(): Promise<void> {
    for (let killed = 0; killed < KILLS; ) {
      // The moment is what is random here: anywhere in the life of an upload or of a job.
      await delay(randomInt(2000))
      const pid = await balcao.find(killed % 2 === 0 ? 'worker' : 'http')
      if (pid === undefined) continue
      process.kill(pid, 'SIGKILL')
      killed++
    }
  }
})

/** Tries again while a part of the house is being started again, as every client of an API does. */
function insist<T>(attempt: () => Promise<T>): Promise<T> {
  return until(attempt as () => Promise<Exclude<T, boolean>>, 120)
}

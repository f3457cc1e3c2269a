import { setTimeout as delay } from 'node:timers/promises'
import { until } from '@balcao/testing'
import { afterAll, beforeAll, it } from 'vitest'
import { openClips } from '../apps/video-service/test/clips.ts'
import { type Balcao, startBalcao } from '../e2e/support/balcao.ts'
import { Person } from '../e2e/support/person.ts'
import { hevc } from './films.ts'
import { videoWhen } from './first-picture.ts'
import { residentMiB, treeOf } from './process-tree.ts'
import { record } from './record.ts'

const RUNS = Number(process.env.RUNS ?? 3)
/** Milliseconds. */
const LOOK = 100

let balcao: Balcao
let person: Person
let clips: Awaited<ReturnType<typeof openClips>>
beforeAll(async () => {
  clips = await openClips()
  balcao = await startBalcao()
  person = await Person.signUp(balcao.url)
})
afterAll(async () => {
  await balcao?.remove()
  await clips?.remove()
})

it('measures the memory of a worker that encodes', async () => {
  const film = await clips.film('celular.mov', [...hevc, '-c:a', 'aac'], { size: '1920x1080', seconds: 20 })
  const worker = await until(() => balcao.find('worker'))
  const peaks = { all: [] as number[], ffmpeg: [] as number[] }
  for (let run = 0; run < RUNS; run++) {
    const { id } = await person.upload(film)
    let making = true
    const peak = { all: 0, ffmpeg: 0 }
    const looking = (async () => {
      while (making) {
        const processes = residentMiB(treeOf(worker))
        const sum = (of: typeof processes) => of.reduce((size, each) => size + each.size, 0)
        peak.all = Math.max(peak.all, sum(processes))
        peak.ffmpeg = Math.max(peak.ffmpeg, sum(processes.filter(({ name }) => /ffmpeg/.test(name))))
        await delay(LOOK)
      }
    })()
    await videoWhen(person, id, ({ state }) => state === 'ready')
    making = false
    await looking
    console.log(`worker and ffmpeg ${peak.all.toFixed(0)} MiB, of which ffmpeg ${peak.ffmpeg.toFixed(0)} MiB`)
    peaks.all.push(peak.all)
    peaks.ffmpeg.push(peak.ffmpeg)
  }
  const how =
    'HEVC, 20 s of 1080p30 with sound, through a running installation: VmRSS of the worker and of all it started, summed every 100 ms; what processes share counts for each.'
  record('memory', [
    { claim: 'worker and ffmpeg at 1080p, peak', unit: 'MiB', runs: peaks.all, goal: { atMost: 520 }, how },
    { claim: 'of which ffmpeg, peak', unit: 'MiB', runs: peaks.ffmpeg, goal: undefined, how },
  ])
})

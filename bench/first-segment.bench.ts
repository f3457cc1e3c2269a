import { afterAll, beforeAll, it } from 'vitest'
import { openClips } from '../apps/video-service/test/clips.ts'
import { type Balcao, startBalcao } from '../e2e/support/balcao.ts'
import { Person } from '../e2e/support/person.ts'
import { h264, hevc } from './films.ts'
import { firstSegmentSeconds, sendAll, videoWhen } from './first-picture.ts'
import { record } from './record.ts'

const RUNS = Number(process.env.RUNS ?? 7)
const size = '1920x1080'

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

it('measures how soon a film plays', async () => {
  const films = {
    copy: await clips.film('copiado.mkv', h264, { size, seconds: 20 }),
    smallest: await clips.film('celular.mov', [...hevc, '-c:a', 'aac'], { size, seconds: 20 }),
  }
  const measured = { copy: [] as number[], smallest: [] as number[] }
  for (let run = 0; run <= RUNS; run++) {
    for (const kind of ['copy', 'smallest'] as const) {
      const upload = await sendAll(person, films[kind])
      const first = await firstSegmentSeconds(person, upload)
      // Nothing else runs while the next is measured.
      await videoWhen(person, upload.videoId, ({ state }) => state === 'ready')
      console.log(`${kind}: ${first.toFixed(2)} s`)
      // The first warms up.
      if (run > 0) measured[kind].push(first)
    }
  }
  const how =
    '20 s of 1080p30 with sound, through a running installation: from sending "complete" until the bytes of the first segment of the smallest picture and of the sound are there, asked every 20 ms.'
  record('first-segment', [
    {
      claim: 'complete → first segment, copy',
      unit: 's',
      runs: measured.copy,
      goal: { atMost: 0.5 },
      how: `H.264 in Matroska. ${how}`,
    },
    {
      claim: 'complete → first segment, encoded',
      unit: 's',
      runs: measured.smallest,
      goal: { atMost: 2 },
      how: `HEVC. ${how}`,
    },
  ])
})

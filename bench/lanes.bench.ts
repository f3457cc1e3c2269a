import { afterAll, beforeAll, it } from 'vitest'
import { openClips } from '../apps/video-service/test/clips.ts'
import { type Balcao, startBalcao } from '../e2e/support/balcao.ts'
import { Person, somebody } from '../e2e/support/person.ts'
import { h264, hevc } from './films.ts'
import { firstSegmentSeconds, refusalSeconds, sendAll, videoWhen } from './first-picture.ts'
import { record } from './record.ts'

const RUNS = Number(process.env.RUNS ?? 5)
/** Of one person, that run or wait the whole time. */
const LONG_ONES = 4
const size = '1920x1080'

let balcao: Balcao
let ana: Person
let bia: Person
let clips: Awaited<ReturnType<typeof openClips>>
beforeAll(async () => {
  clips = await openClips()
  balcao = await startBalcao()
  ana = await Person.signUp(balcao.url)
  bia = await Person.signUp(balcao.url, somebody('Bia Souza'))
})
afterAll(async () => {
  await balcao?.remove()
  await clips?.remove()
})

it("measures how long one waits behind another's long films", async () => {
  const long = await clips.film('longo.mov', [...hevc, '-c:a', 'aac'], { size, seconds: 40 })
  const short = await clips.film('curto.mp4', [...h264, '-movflags', '+faststart'], { size, seconds: 8 })
  const phone = await clips.film('celular.mov', [...hevc, '-c:a', 'aac'], { size, seconds: 8 })
  const text = await clips.text('recado.mp4', 'Isto não é um vídeo.\n'.repeat(200))
  const measured = { copied: [] as number[], encoded: [] as number[], refused: [] as number[] }
  const one = async () => {
    const uploads = {
      copied: await sendAll(bia, short),
      encoded: await sendAll(bia, phone),
      refused: await sendAll(bia, text),
    }
    const copied = await firstSegmentSeconds(bia, uploads.copied)
    const encoded = await firstSegmentSeconds(bia, uploads.encoded)
    const refused = await refusalSeconds(bia, uploads.refused)
    await videoWhen(bia, uploads.encoded.videoId, ({ state }) => state === 'ready')
    return { copied, encoded, refused }
  }
  await one() // warms up
  const running = new Set<string>()
  for (let run = 0; run < RUNS; run++) {
    await keepBusy(long, running)
    const waited = await one()
    console.log(
      Object.entries(waited)
        .map(([kind, seconds]) => `${kind} ${seconds.toFixed(2)} s`)
        .join(', '),
    )
    for (const kind of ['copied', 'encoded', 'refused'] as const) measured[kind].push(waited[kind])
  }
  const how = `With ${LONG_ONES} HEVC films of 1080p and 40 s of another person's running or waiting (topped up before each try): from sending "complete", one after another. The median stands in the table, the longest in the row below.`
  const rows = [
    ['an H.264 clip of 8 s plays', measured.copied, 2],
    ['an HEVC clip of 8 s plays', measured.encoded, 5],
    ['a text file called .mp4 is refused', measured.refused, 3],
  ] as const
  record(
    'lanes',
    rows.flatMap(([what, runs, atMost]) => [
      { claim: `beside ${LONG_ONES} long films: ${what}`, unit: 's', runs, goal: { atMost }, how },
      {
        claim: `beside ${LONG_ONES} long films: ${what}, longest`,
        unit: 's',
        runs: [Math.max(...runs)],
        goal: { atMost },
        how,
      },
    ]),
  )
})

/** Four of Ana's films are being made or wait. */
async function keepBusy(long: string, running: Set<string>): Promise<void> {
  for (const id of running) if ((await ana.video(id)).state === 'ready') running.delete(id)
  while (running.size < LONG_ONES) running.add((await ana.upload(long)).id)
  await videoWhen(ana, [...running][0]!, ({ state }) => state === 'processing')
}

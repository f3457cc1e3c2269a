import { afterAll, beforeAll, it } from 'vitest'
import { openClips } from '../apps/video-service/test/clips.ts'
import { FilmHouse } from './film-house.ts'
import { h264, hevc } from './films.ts'
import { planOf, rawSeconds } from './raw-film.ts'
import { record } from './record.ts'

const RUNS = Number(process.env.RUNS ?? 3)
const size = '1920x1080'

let house: FilmHouse
let clips: Awaited<ReturnType<typeof openClips>>
beforeAll(async () => {
  clips = await openClips()
  house = await FilmHouse.open()
})
afterAll(async () => {
  await house?.close()
  await clips?.remove()
})

it('measures jobs against raw ffmpeg', async () => {
  const films = {
    transcode: await clips.film('celular.mov', [...hevc, '-c:a', 'aac'], { size, seconds: 60 }),
    remux: await clips.film('embalado.mkv', h264, { size, seconds: 60 }),
    'served as it is': await clips.film('inteiro.mp4', [...h264, '-movflags', '+faststart'], {
      size,
      seconds: 60,
    }),
  }
  const measured = Object.fromEntries(Object.keys(films).map((kind) => [kind, [] as { raw: number; job: number }[]]))
  for (let run = 0; run <= RUNS; run++) {
    for (const [kind, film] of Object.entries(films)) {
      const { plan } = await planOf(film, house.dir)
      const sides = {
        raw: () => rawSeconds(film, plan, house.dir),
        job: async () => (await house.make(film)).wall,
      }
      const wall = { raw: 0, job: 0 }
      // They take turns at coming first.
      for (const side of run % 2 === 0 ? (['raw', 'job'] as const) : (['job', 'raw'] as const))
        wall[side] = await sides[side]()
      console.log(`${kind} (${plan.name}): raw ${wall.raw.toFixed(2)} s, job ${wall.job.toFixed(2)} s`)
      // The first warms up.
      if (run > 0) measured[kind]!.push(wall)
    }
  }
  const ratios = (kind: string) => measured[kind]!.map(({ raw, job }) => job / raw)
  /** Above what is allowed for work that is in proportion to the film. */
  const beyond = (kind: string) => measured[kind]!.map(({ raw, job }) => job - 1.5 * raw)
  const how =
    'The use case of the worker on the embedded store and database, without the queue: claim, hard link, probe, preview, sample, pass, packing, storyboard, poster, verification, puts, commit; against the same ffmpeg with the same arguments (pass, poster, MP4, storyboard) one after another in an empty folder. In pairs, the one or the other first.'
  record('job-cost', [
    {
      claim: 'job wall against raw ffmpeg, HEVC transcoded to a ladder of 3',
      unit: '×',
      runs: ratios('transcode'),
      goal: { atMost: 1.05 },
      how: `60 s of 1080p30 with sound. ${how}`,
    },
    {
      claim: 'job wall beyond 1.5 × raw ffmpeg, H.264 remuxed out of Matroska',
      unit: 's',
      runs: beyond('remux'),
      goal: { atMost: 0.5 },
      how: `60 s of 1080p30 with sound. ${how}`,
    },
    {
      claim: 'job wall beyond 1.5 × raw ffmpeg, H.264 served as it is',
      unit: 's',
      runs: beyond('served as it is'),
      goal: { atMost: 0.5 },
      how: `60 s of 1080p30 with sound. ${how}`,
    },
    { claim: 'job wall against raw ffmpeg, remuxed', unit: '×', runs: ratios('remux'), goal: undefined, how },
    {
      claim: 'job wall against raw ffmpeg, served as it is',
      unit: '×',
      runs: ratios('served as it is'),
      goal: undefined,
      how,
    },
  ])
})

import { execFileSync, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { setPriority, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { authRoutes } from '@balcao/contracts'
import { stepBack } from '@balcao/platform'
import { afterAll, beforeAll, it } from 'vitest'
import { h264, openClips } from '../apps/video-service/test/clips.ts'
import { send } from '../e2e/support/api.ts'
import { type Balcao, node, startBalcao } from '../e2e/support/balcao.ts'
import { Person, somebody } from '../e2e/support/person.ts'
import { hevc } from './films.ts'
import { videoWhen } from './first-picture.ts'
import { FullSpeed } from './full-speed.ts'
import { quantile, record } from './record.ts'

const RUNS = Number(process.env.RUNS ?? 3)
/** Questions a second, and for how long. */
const RATE = 50
const SECONDS = Number(process.env.ASK_SECONDS ?? 30)
/** Films that are listed. */
const LISTED = 12
const UPLOAD_BYTES = 1024 * 2 ** 20
const FLOOD_AT_ONCE = 8

let balcao: Balcao
let ana: Person
let bia: Person
let clips: Awaited<ReturnType<typeof openClips>>
let dir: string
beforeAll(async () => {
  clips = await openClips()
  dir = await mkdtemp(join(tmpdir(), 'balcao-bench-'))
  balcao = await startBalcao()
  ana = await Person.signUp(balcao.url)
  bia = await Person.signUp(balcao.url, somebody('Bia Souza'))
})
afterAll(async () => {
  await balcao?.remove()
  await clips?.remove()
  await rm(dir, { recursive: true, force: true })
})

/** Milliseconds that each answer took. */
async function ask(): Promise<number[]> {
  const script = join(import.meta.dirname, 'steady-asker.ts')
  const args = [script, `${balcao.url}/videos`, ana.token, String(RATE), String(SECONDS)]
  // In a session of its own, ahead of all: it stands for another machine, whose processor nobody takes.
  const asker = spawn(node, args, { stdio: ['ignore', 'pipe', 'inherit'], detached: true })
  try {
    setPriority(asker.pid!, -19)
    writeFileSync(`/proc/${asker.pid}/autogroup`, '-19')
  } catch {
    // Of whoever is not root.
  }
  let said = ''
  asker.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()))
  const [code] = (await once(asker, 'close')) as [number]
  if (code !== 0) throw new Error('the asker failed')
  return JSON.parse(said) as number[]
}

it('measures how long lists take', async () => {
  // What sends the load stands for other machines, too: it does not take the processor from what answers.
  await stepBack(process.pid, 10)
  const small = await clips.film('curto.mp4', [...h264, '-movflags', '+faststart'], { seconds: 1 })
  for (let i = 0; i < LISTED; i++) await ana.processed((await ana.upload(small)).id)
  const long = await clips.film('longo.mov', [...hevc, '-c:a', 'aac'], { size: '1920x1080', seconds: 60 })
  const file = join(dir, 'file')
  execFileSync('sh', ['-c', `head -c ${UPLOAD_BYTES} /dev/urandom > ${file}`])
  const speed = new FullSpeed()
  const sent = { uploads: 0, signIns: 0 }

  /** Each does something until it is told to stop. */
  const loads = {
    encoding: async (going: () => boolean) => {
      while (going()) {
        const { id } = await bia.upload(long)
        await videoWhen(bia, id, ({ state }) => state !== 'queued')
        while (going() && (await bia.video(id)).state === 'processing') await delay(500)
        await send(
          bia.url,
          { method: 'DELETE', path: `/videos/${id}`, summary: '', auth: 'bearer', answers: {} },
          { token: bia.token },
        )
      }
    },
    uploading: async (going: () => boolean) => {
      while (going()) {
        const { videoId } = await speed.send(bia, file, UPLOAD_BYTES)
        sent.uploads++
        await send(
          bia.url,
          { method: 'DELETE', path: `/videos/uploads/${videoId}`, summary: '', auth: 'bearer', answers: {} },
          { token: bia.token },
        )
      }
    },
    flooding: async (going: () => boolean) => {
      const one = async () => {
        while (going()) {
          const body = { username: `${randomUUID()}@exemplo.com.br`, password: 'Não é esta, com 42 letras!' }
          await (await send(bia.url, authRoutes.login, { body })).arrayBuffer()
          sent.signIns++
        }
      }
      await Promise.all(Array.from({ length: FLOOD_AT_ONCE }, one))
    },
  }
  const cases = {
    idle: [],
    'while a film encodes': ['encoding'],
    'with an upload at full speed beside it': ['encoding', 'uploading'],
    'with a flood of wrong sign-ins on top': ['encoding', 'uploading', 'flooding'],
  } as const satisfies Record<string, readonly (keyof typeof loads)[]>
  const p99 = Object.fromEntries(Object.keys(cases).map((name) => [name, [] as number[]]))
  for (let run = 0; run <= RUNS; run++) {
    for (const [name, names] of Object.entries(cases)) {
      let going = true
      Object.assign(sent, { uploads: 0, signIns: 0 })
      const working = Promise.all(names.map((load) => loads[load](() => going)))
      // Until what goes on beside it does so.
      if (names.length > 0) await delay(3000)
      const took = await ask()
      going = false
      await working
      const figures = [0.5, 0.9, 0.99].map((part) => quantile(took, part).toFixed(1))
      console.log(
        `${name}: p50, p90, p99 ${figures.join(', ')} ms, longest ${Math.max(...took).toFixed(0)} ms; ${sent.uploads} GiB, ${sent.signIns} sign-ins`,
      )
      // The first warms up.
      if (run > 0) p99[name]!.push(quantile(took, 0.99))
    }
  }
  speed.close()
  const how = `A list of ${LISTED} films, ${RATE} times a second for ${SECONDS} s, asked by a process of its own ahead of all others; time counts from when a question is due. In each of ${RUNS} runs all four, one after another.`
  const against = (name: string) => p99[name]!.map((value, run) => value / p99.idle![run]!)
  record('api-p99', [
    { claim: 'GET /videos, p99 while nothing else happens', unit: 'ms', runs: p99.idle!, goal: undefined, how },
    ...(
      [
        ['while a film encodes', 2],
        ['with an upload at full speed beside it', 4],
        ['with a flood of wrong sign-ins on top', 6],
      ] as const
    ).map(([name, atMost]) => ({
      claim: `GET /videos, p99 ${name}, against idle`,
      unit: '×',
      runs: against(name),
      goal: { atMost },
      how: `${how} Encoding: HEVC of 1080p. Upload: 1 GiB over and over, four parts of 16 MiB at a time. Flood: ${FLOOD_AT_ONCE} at a time, of addresses that nobody has.`,
    })),
  ])
})

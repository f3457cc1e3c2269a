import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, it } from 'vitest'
import { cpuSeconds } from './cpu.ts'
import { RawClient, share } from './raw-client.ts'
import { median, record, seconds } from './record.ts'
import { type Store, startOurs, startSeaweedFs } from './stores.ts'

const RUNS = Number(process.env.RUNS ?? 7)
const MIB = 2 ** 20
const LARGE = 512 * MIB
const PART = 16 * MIB
const SMALL = 4096
const SENDERS = 4
const REQUESTS = 4000
const sides: Store[] = []
const whole = randomBytes(PART)
const small = randomBytes(SMALL)

beforeAll(async () => {
  sides.push(await startOurs())
  sides.push(await startSeaweedFs())
})
afterAll(async () => {
  for (const side of sides) await side.remove()
})

type Work = (side: Store, run: number) => Promise<(clients: readonly RawClient[]) => Promise<unknown>>

interface Kind {
  readonly senders: number
  /** Runs before those that count; the first of them is told apart, as what a store does that has just started. */
  readonly warmUps: number
  readonly work: Work
}

/** Everything that is sent is signed before the clock starts. */
const works: Record<string, Kind> = {
  'GET of 512 MiB': {
    senders: 1,
    warmUps: 1,
    work: async ({ bucket }) => {
      const url = bucket.signGet('large', { expiresIn: 3600 })
      return ([client]) => client!.send('GET', url)
    },
  },
  'PUT of 512 MiB in parts of 16 MiB, 4 at once': {
    senders: SENDERS,
    warmUps: 1,
    work: async ({ bucket }, run) => {
      const key = `parts/${run}`
      const uploadId = await bucket.createUpload(key, { contentType: 'video/mp4', partSize: PART })
      const numbers = Array.from({ length: LARGE / PART }, (_, i) => i + 1)
      const urls = numbers.map((partNumber) =>
        bucket.signPart(key, { uploadId, partNumber, size: PART, expiresIn: 3600 }),
      )
      return async (clients) => {
        const parts = await share(urls, clients, async (url, client) => (await client.send('PUT', url, whole)).etag)
        const named = parts.map((etag, i) => ({ partNumber: i + 1, size: PART, etag }))
        await bucket.completeUpload(key, uploadId, named)
      }
    },
  },
  'GET of 4 KiB, 4 at once': {
    senders: SENDERS,
    warmUps: 5,
    work: async ({ bucket }) => {
      const urls = Array.from({ length: REQUESTS }, (_, i) => bucket.signGet(`small/${i % 500}`, { expiresIn: 3600 }))
      return (clients) => share(urls, clients, (url, client) => client.send('GET', url))
    },
  },
  'PUT of 4 KiB, 4 at once': {
    senders: SENDERS,
    warmUps: 5,
    work: async ({ bucket }, run) => {
      const urls = Array.from({ length: REQUESTS / 2 }, (_, i) =>
        bucket.signPut(`new/${run}/${i}`, { expiresIn: 3600 }),
      )
      return (clients) => share(urls, clients, (url, client) => client.send('PUT', url, small))
    },
  },
}

async function measure(side: Store, { senders, work }: Kind, run: number) {
  const clients = await Promise.all(Array.from({ length: senders }, () => RawClient.open(side.url)))
  const act = await work(side, run)
  const before = await cpuSeconds(await side.pids())
  const wall = await seconds(() => act(clients))
  const cpu = (await cpuSeconds(await side.pids())) - before
  for (const client of clients) client.close()
  return { wall, cpu }
}

it('measures the store against SeaweedFS, which does not fsync', async () => {
  for (const side of sides) {
    const client = await RawClient.open(side.url)
    for (let i = 0; i < 500; i++)
      await client.send('PUT', side.bucket.signPut(`small/${i}`, { expiresIn: 3600 }), small)
    client.close()
    const uploadId = await side.bucket.createUpload('large', { contentType: 'video/mp4', partSize: PART })
    const parts = []
    for (let i = 1; i <= LARGE / PART; i++) parts.push(await side.bucket.putPart('large', uploadId, i, whole))
    await side.bucket.completeUpload('large', uploadId, parts)
  }
  const results = []
  for (const [name, work] of Object.entries(works)) {
    if (process.env.ONLY && !name.includes(process.env.ONLY)) continue
    const [first, speed, cpu]: [number[], number[], number[]] = [[], [], []]
    for (let run = 0; run < RUNS + work.warmUps; run++) {
      const order = run % 2 === 0 ? sides : [...sides].reverse()
      const found: Record<string, { wall: number; cpu: number }> = {}
      for (const side of order) found[side.name] = await measure(side, work, run)
      const [own, peer] = [found.ours!, found.SeaweedFS!]
      console.log(
        `${name}: ours ${own.wall.toFixed(2)} s, CPU ${own.cpu.toFixed(2)}; SeaweedFS ${peer.wall.toFixed(2)} s, CPU ${peer.cpu.toFixed(2)}`,
      )
      if (run === 0) first.push(peer.wall / own.wall)
      if (run < work.warmUps) continue
      speed.push(peer.wall / own.wall)
      cpu.push(own.cpu / peer.cpu)
    }
    console.log(`${name}: ${median(speed).toFixed(2)} × the speed, ${median(cpu).toFixed(2)} × the CPU`)
    results.push({ name, first, speed, cpu })
  }
  const goals: Record<string, { speed: number; cpu?: number }> = {
    'GET of 512 MiB': { speed: 1 },
    'PUT of 512 MiB in parts of 16 MiB, 4 at once': { speed: 1.2, cpu: 0.5 },
    'GET of 4 KiB, 4 at once': { speed: 1.3 },
    'PUT of 4 KiB, 4 at once': { speed: 1 },
  }
  const how =
    'One process of node:net sends over loopback, URLs signed before; in pairs, the one or the other first. CPU of the ' +
    "store's process and all of PostgreSQL's, against SeaweedFS's process (master, volume, filer and S3 in one). " +
    'SeaweedFS does not fsync; our store answers when bytes and row are on disk. One run of each goes before those that ' +
    'count, and five (20 000 GETs, 10 000 PUTs) of what is small, until V8 has compiled what serves them.'
  if (process.env.ONLY) return
  record(
    'store-peer',
    results.flatMap(({ name, first, speed, cpu }) => [
      { claim: `${name}, speed against SeaweedFS`, unit: '×', runs: speed, goal: { atLeast: goals[name]!.speed }, how },
      {
        claim: `${name}, CPU against SeaweedFS`,
        unit: '×',
        runs: cpu,
        goal: goals[name]!.cpu === undefined ? undefined : { atMost: goals[name]!.cpu },
        how,
      },
      { claim: `${name}, speed of the first run after the start`, unit: '×', runs: first, goal: undefined, how },
    ]),
  )
})

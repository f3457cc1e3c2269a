import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Bucket } from '@balcao/platform'
import { S3Objects } from '@balcao/platform/adapters'
import { SeaweedFs, testConfig } from '@balcao/testing'
import { afterAll, beforeAll, it } from 'vitest'
import { type Balcao, startBalcao } from '../e2e/support/balcao.ts'
import { RawClient } from './raw-client.ts'
import { median, record, seconds } from './record.ts'

const RUNS = Number(process.env.RUNS ?? 7)
const MIB = 2 ** 20
const LARGE = 512 * MIB
const PART = 16 * MIB
const SMALL = 4096
const SENDERS = 4
const REQUESTS = 4000
const BUCKET = 'balcao-media'
/** Of /proc: a tick is a hundredth of a second. */
const TICKS = 100

interface Side {
  readonly name: string
  readonly url: string
  readonly bucket: Bucket
  /** Processes that do the work. */
  pids(): Promise<number[]>
}

const sides: Side[] = []
const undo: (() => Promise<unknown>)[] = []
const whole = randomBytes(PART)
const small = randomBytes(SMALL)

beforeAll(async () => {
  const balcao = await startBalcao(
    process.env.PROF ? { env: { NODE_OPTIONS: '--cpu-prof --cpu-prof-dir=/tmp/prof' } } : {},
  )
  undo.push(() => balcao.remove())
  const weed = await SeaweedFs.start()
  undo.push(() => weed.remove())
  await weed.createBucket(BUCKET)
  const secret = (name: string) => readFile(join(balcao.dataDir, 'secrets', `object-store-${name}.txt`), 'utf8')
  const keys = { accessKeyId: await secret('access-key-id'), secretAccessKey: await secret('secret-access-key') }
  sides.push({
    name: 'ours',
    url: balcao.objectStoreUrl,
    bucket: await bucketAt(balcao.objectStoreUrl, keys),
    pids: () => ours(balcao),
  })
  const pids = async () => [weed.process.pid!]
  sides.push({ name: 'SeaweedFS', url: weed.url, bucket: await bucketAt(weed.url, weed.keys), pids })
})
afterAll(async () => {
  for (const step of undo.reverse()) await step()
})

async function bucketAt(endpoint: string, keys: { accessKeyId: string; secretAccessKey: string }): Promise<Bucket> {
  const { config, remove } = await testConfig('postgresql://unused/unused')
  undo.push(remove)
  const urls = { ...config.urls, objectStore: endpoint }
  return new S3Objects({ ...config, region: 'us-east-1', urls, store: { ...config.store, endpoint, keys } }).bucket(
    BUCKET,
  )
}

/** The store's process and everything of PostgreSQL; the other services of the installation are idle. */
async function ours(balcao: Balcao): Promise<number[]> {
  const all = await balcao.processes()
  return all.filter(({ name }) => name === 'object-store' || name === 'postgres').map(({ pid }) => pid)
}

/** What they and the backends that PostgreSQL has ended took so far: a process has the time of the children it reaped. */
async function cpuSeconds(side: Side): Promise<number> {
  const ticks = await Promise.all(
    (await side.pids()).map(async (pid) => {
      const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
      const [user, system, ofReaped, systemOfReaped] = stat
        .slice(stat.lastIndexOf(')') + 2)
        .split(' ')
        .slice(11)
      return [user, system, ofReaped, systemOfReaped].reduce((sum, each) => sum + Number(each ?? 0), 0)
    }),
  )
  return ticks.reduce((sum, each) => sum + each, 0) / TICKS
}

type Work = (side: Side, run: number) => Promise<(clients: readonly RawClient[]) => Promise<unknown>>

/** Everything that is sent is signed before the clock starts. */
const works: Record<string, { senders: number; work: Work }> = {
  'GET of 512 MiB': {
    senders: 1,
    work: async ({ bucket }) => {
      const url = bucket.signGet('large', { expiresIn: 3600 })
      return ([client]) => client!.send('GET', url)
    },
  },
  'PUT of 512 MiB in parts of 16 MiB, 4 at once': {
    senders: SENDERS,
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
    work: async ({ bucket }) => {
      const urls = Array.from({ length: REQUESTS }, (_, i) => bucket.signGet(`small/${i % 500}`, { expiresIn: 3600 }))
      return (clients) => share(urls, clients, (url, client) => client.send('GET', url))
    },
  },
  'PUT of 4 KiB, 4 at once': {
    senders: SENDERS,
    work: async ({ bucket }, run) => {
      const urls = Array.from({ length: REQUESTS / 2 }, (_, i) =>
        bucket.signPut(`new/${run}/${i}`, { expiresIn: 3600 }),
      )
      return (clients) => share(urls, clients, (url, client) => client.send('PUT', url, small))
    },
  },
}

/** Each client takes the next item when it is free. */
async function share<T, R>(
  items: readonly T[],
  clients: readonly RawClient[],
  act: (item: T, client: RawClient) => Promise<R>,
): Promise<R[]> {
  const waiting = items.entries()
  const results: R[] = []
  const worker = async (client: RawClient) => {
    for (const [i, item] of waiting) results[i] = await act(item, client)
  }
  await Promise.all(clients.map(worker))
  return results
}

async function measure(side: Side, { senders, work }: { senders: number; work: Work }, run: number) {
  const clients = await Promise.all(Array.from({ length: senders }, () => RawClient.open(side.url)))
  const act = await work(side, run)
  const before = await cpuSeconds(side)
  const wall = await seconds(() => act(clients))
  const cpu = (await cpuSeconds(side)) - before
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
    const [speed, cpu]: [number[], number[]] = [[], []]
    for (let run = 0; run <= RUNS; run++) {
      const order = run % 2 === 0 ? sides : [...sides].reverse()
      const found: Record<string, { wall: number; cpu: number }> = {}
      for (const side of order) found[side.name] = await measure(side, work, run)
      const [own, peer] = [found.ours!, found.SeaweedFS!]
      console.log(
        `${name}: ours ${own.wall.toFixed(2)} s, CPU ${own.cpu.toFixed(2)}; SeaweedFS ${peer.wall.toFixed(2)} s, CPU ${peer.cpu.toFixed(2)}`,
      )
      if (run === 0) continue
      speed.push(peer.wall / own.wall)
      cpu.push(own.cpu / peer.cpu)
    }
    console.log(`${name}: ${median(speed).toFixed(2)} × the speed, ${median(cpu).toFixed(2)} × the CPU`)
    results.push({ name, speed, cpu })
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
    'SeaweedFS does not fsync; our store answers when bytes and row are on disk.'
  if (process.env.ONLY) return
  record(
    'store-peer',
    results.flatMap(({ name, speed, cpu }) => [
      { claim: `${name}, speed against SeaweedFS`, unit: '×', runs: speed, goal: { atLeast: goals[name]!.speed }, how },
      {
        claim: `${name}, CPU against SeaweedFS`,
        unit: '×',
        runs: cpu,
        goal: goals[name]!.cpu === undefined ? undefined : { atMost: goals[name]!.cpu },
        how,
      },
    ]),
  )
})

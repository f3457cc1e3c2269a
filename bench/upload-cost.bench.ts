import { type ChildProcess, execFileSync, fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, it } from 'vitest'
import { cpuSeconds } from './cpu.ts'
import { RawClient, share } from './raw-client.ts'
import { record, seconds } from './record.ts'
import { type Store, startOurs } from './stores.ts'

const RUNS = Number(process.env.RUNS ?? 7)
const MIB = 2 ** 20
const SIZE = 512 * MIB
const PART = 16 * MIB
const PARTS = SIZE / PART
const SENDERS = 4
const COPY = 'cp + fsync'
const STORE = 'the store'
const STEPS = ['HTTP', 'writing', 'syncing', 'hashing']
const HOW =
  '512 MiB in parts of 16 MiB, four at a time over loopback, sent by one process of node:net whose CPU is not counted. Up ' +
  "to hashing: the store's own function that receives a body, behind node:http alone, into one file, with what comes " +
  'later left out. The store: with signatures, rows, commits and the completion, and the CPU of PostgreSQL. All in ' +
  'turn, forwards and backwards; before each the disk is synced.'

let dir: string
let store: Store
let steps: ChildProcess
let stepsUrl: string
const part = randomBytes(PART)
const numbers = Array.from({ length: PARTS }, (_, i) => i + 1)

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'balcao-bench-'))
  for (const _ of numbers) await writeFile(join(dir, 'whole'), part, { flag: 'a' })
  store = await startOurs()
  steps = fork(join(import.meta.dirname, 'upload-steps.ts'), [join(dir, 'steps')])
  const [{ port }] = (await once(steps, 'message')) as [AddressInfo]
  stepsUrl = `http://127.0.0.1:${port}`
})
afterAll(async () => {
  steps?.kill()
  await store?.remove()
  await rm(dir, { recursive: true, force: true })
})

interface Cost {
  /** Seconds. */
  readonly wall: number
  /** Seconds, of whoever receives. */
  readonly cpu: number
}

async function costOf(pids: () => Promise<number[]>, work: () => Promise<unknown>): Promise<Cost> {
  const before = await cpuSeconds(await pids())
  const wall = await seconds(work)
  return { wall, cpu: (await cpuSeconds(await pids())) - before }
}

async function copy(): Promise<Cost> {
  const target = join(dir, 'copy')
  // cp is a child that was waited for.
  const cost = await costOf(
    async () => [process.pid],
    async () => {
      execFileSync('cp', [join(dir, 'whole'), target])
      const handle = await open(target)
      await handle.sync()
      await handle.close()
    },
  )
  await rm(target)
  return cost
}

async function withClients<T>(url: string, work: (clients: readonly RawClient[]) => Promise<T>): Promise<T> {
  const clients = await Promise.all(Array.from({ length: SENDERS }, () => RawClient.open(url)))
  try {
    return await work(clients)
  } finally {
    for (const client of clients) client.close()
  }
}

async function step(name: string): Promise<Cost> {
  await writeFile(join(dir, 'steps'), '')
  const urls = numbers.map((number) => `${stepsUrl}/${name}?position=${(number - 1) * PART}`)
  return withClients(stepsUrl, (clients) =>
    costOf(
      async () => [steps.pid!],
      () => share(urls, clients, (url, client) => client.send('PUT', url, part)),
    ),
  )
}

async function whole(run: number): Promise<Cost> {
  const { bucket, url } = store
  const key = `cost/${run}`
  const uploadId = await bucket.createUpload(key, { contentType: 'video/mp4', partSize: PART })
  const urls = numbers.map((partNumber) => bucket.signPart(key, { uploadId, partNumber, size: PART, expiresIn: 3600 }))
  const cost = await withClients(url, (clients) =>
    costOf(store.pids, async () => {
      const sent = await share(urls, clients, (each, client) => client.send('PUT', each, part))
      const parts = sent.map(({ etag }, i) => ({ partNumber: i + 1, size: PART, etag }))
      await bucket.completeUpload(key, uploadId, parts)
    }),
  )
  await bucket.delete(key)
  return cost
}

it('measures where the time of an upload goes', async () => {
  const ways: Record<string, (run: number) => Promise<Cost>> = {
    [COPY]: copy,
    ...Object.fromEntries(STEPS.map((name) => [name, () => step(name)])),
    [STORE]: whole,
  }
  const found: Record<string, Cost[]> = Object.fromEntries(Object.keys(ways).map((name) => [name, []]))
  for (let run = 0; run <= RUNS; run++) {
    const order = run % 2 === 0 ? Object.entries(ways) : Object.entries(ways).reverse()
    for (const [name, way] of order) {
      execFileSync('sync')
      execFileSync('sh', ['-c', `cat ${join(dir, 'whole')} > /dev/null`])
      const cost = await way(run)
      if (run > 0) found[name]!.push(cost)
    }
  }
  const perGiB = 2 ** 30 / SIZE
  record(
    'upload-cost',
    Object.entries(found).flatMap(([name, costs]) => {
      const claim = name === COPY || name === STORE ? name : `up to ${name}`
      const cpu = costs.map((cost) => cost.cpu * perGiB)
      const speed = costs.map(({ wall }, run) => found[COPY]![run]!.wall / wall)
      const told = { goal: undefined, how: HOW }
      return [
        { claim: `CPU of a GiB, ${claim}`, unit: 's', runs: cpu, ...told },
        ...(name === COPY ? [] : [{ claim: `speed against cp + fsync, ${claim}`, unit: '×', runs: speed, ...told }]),
      ]
    }),
  )
})

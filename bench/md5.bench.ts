import { randomBytes } from 'node:crypto'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { afterAll, beforeAll, it } from 'vitest'
import { HashThread } from '../apps/object-store/src/infrastructure/hash-thread.ts'
import { record } from './record.ts'

const RUNS = 9
const MIB = 2 ** 20
const SIZE = 64 * MIB

/** The same thread as ours would be with node:crypto alone. */
const PLAIN = `
const { createHash } = require('node:crypto')
const { readSync } = require('node:fs')
const { parentPort } = require('node:worker_threads')
const buffer = Buffer.alloc(64 * 1024)
parentPort.on('message', ({ fd, size, bodies }) => {
  const hashes = Array.from({ length: bodies }, () => createHash('md5'))
  for (let at = 0; at < size; at += buffer.length)
    hashes.forEach((hash, i) => {
      readSync(fd, buffer, 0, buffer.length, i * size + at)
      hash.update(buffer)
    })
  parentPort.postMessage(hashes.map((hash) => hash.digest('base64')))
})`

let dir: string
let file: Awaited<ReturnType<typeof open>>
const ours = new HashThread()
const plain = new Worker(PLAIN, { eval: true })

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'balcao-bench-'))
  file = await open(join(dir, 'bodies'), 'w+')
  for (let i = 0; i < 4; i++) await file.write(randomBytes(SIZE), 0, SIZE, i * SIZE)
})
afterAll(async () => {
  await ours.close()
  await plain.terminate()
  await file.close()
  await rm(dir, { recursive: true })
})

const hashPlain = (bodies: number) =>
  new Promise<string[]>((resolve) => {
    plain.once('message', resolve)
    plain.postMessage({ fd: file.fd, size: SIZE, bodies })
  })

const hashOurs = (bodies: number) =>
  Promise.all(
    Array.from({ length: bodies }, async (_, i) => {
      const follower = ours.follow(file.fd, i * SIZE, ['MD5'])
      follower.written((i + 1) * SIZE)
      return (await follower.end()).MD5
    }),
  )

it('measures the thread of hashes against one with node:crypto alone', async () => {
  const results = []
  for (const bodies of [1, 2, 4]) {
    const runs: number[] = []
    for (let run = 0; run <= RUNS; run++) {
      const cpu = { ours: 0, plain: 0 }
      for (const side of run % 2 === 0 ? (['ours', 'plain'] as const) : (['plain', 'ours'] as const)) {
        const before = process.cpuUsage()
        await (side === 'ours' ? hashOurs(bodies) : hashPlain(bodies))
        const { user, system } = process.cpuUsage(before)
        cpu[side] = user + system
      }
      if (run > 0) runs.push(cpu.ours / cpu.plain)
    }
    results.push({
      claim: `MD5 of ${bodies} ${bodies === 1 ? 'body' : 'bodies'} at a time, CPU against node:crypto`,
      unit: '×',
      runs,
      goal: { atMost: 1 },
      how: '64 MiB each, out of the page cache, in one thread on either side, whose CPU is that of the process; in pairs, the one or the other first.',
    })
  }
  record('md5', results)
})

import { execFileSync } from 'node:child_process'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { videoRoutes } from '@balcao/contracts'
import { afterAll, beforeAll, it } from 'vitest'
import { call } from '../e2e/support/api.ts'
import { type Balcao, startBalcao } from '../e2e/support/balcao.ts'
import { Person } from '../e2e/support/person.ts'
import { record, seconds } from './record.ts'

const RUNS = 9
const MIB = 2 ** 20
const SIZE = 1024 * MIB
const PARALLEL = 4

let balcao: Balcao
let person: Person
let dir: string
let file: string

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'balcao-bench-'))
  file = join(dir, 'file')
  execFileSync('sh', ['-c', `head -c ${SIZE} /dev/urandom > ${file}`])
  balcao = await startBalcao({ dataDir: join(dir, 'data') })
  person = await Person.signUp(balcao.url)
})
afterAll(async () => {
  agent.destroy()
  await balcao?.remove()
  await rm(dir, { recursive: true, force: true })
})

async function copySeconds(): Promise<number> {
  const copy = join(dir, 'copy')
  const wall = await seconds(async () => {
    execFileSync('cp', [file, copy])
    const handle = await open(copy)
    await handle.sync()
    await handle.close()
  })
  await rm(copy)
  return wall
}

const agent = new Agent({ keepAlive: true })

/** Not fetch: Node's copies a body twice, and both sides share the machine's cores. */
const put = (url: string, body: Buffer): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const sending = request(url, { method: 'PUT', agent, headers: { 'content-length': body.length } })
    sending.on('error', reject)
    sending.on('response', (answer) => answer.resume().once('end', () => resolve(answer.statusCode)))
    sending.end(body)
  })

/** From "begin" to "complete": parts by signed URLs, four at a time, each acknowledged only when it is on disk. */
async function uploadSeconds(): Promise<number> {
  const handle = await open(file)
  const wall = await seconds(async () => {
    const upload = await person.startUpload('arquivo.bin', SIZE)
    const partNumbers = Array.from({ length: upload.partCount }, (_, i) => i + 1)
    const params = { id: upload.videoId }
    const { items } = await call(person.url, videoRoutes.signParts, {
      token: person.token,
      params,
      body: { partNumbers },
    })
    const send = async () => {
      const buffer = Buffer.allocUnsafe(upload.partSize)
      for (let part = items.shift(); part; part = items.shift()) {
        const bytes = buffer.subarray(0, part.size)
        await handle.read(bytes, 0, part.size, (part.partNumber - 1) * upload.partSize)
        const status = await put(part.url, bytes)
        if (status !== 200) throw new Error(`part ${part.partNumber}: ${status}`)
      }
    }
    await Promise.all(Array.from({ length: PARALLEL }, send))
    await person.complete(upload)
  })
  await handle.close()
  return wall
}

it('measures an upload against cp and fsync', async () => {
  const ratios: number[] = []
  for (let run = 0; run <= RUNS; run++) {
    // Whoever comes second finds a disk that is still busy, or one that is awake: they take turns at it.
    const order = run % 2 === 0 ? (['copy', 'upload'] as const) : (['upload', 'copy'] as const)
    const wall = { copy: 0, upload: 0 }
    for (const side of order) {
      execFileSync('sync')
      // Neither side pays for reading the file from disk.
      execFileSync('sh', ['-c', `cat ${file} > /dev/null`])
      wall[side] = side === 'copy' ? await copySeconds() : await uploadSeconds()
    }
    console.log(`cp + fsync ${wall.copy.toFixed(2)} s, upload ${wall.upload.toFixed(2)} s`)
    if (run > 0) ratios.push(wall.copy / wall.upload)
  }
  record('upload', [
    {
      claim: 'upload of 1 GiB through signed URLs, speed against cp + fsync',
      unit: '×',
      runs: ratios,
      goal: { atLeast: 0.5 },
      how: '64 parts of 16 MiB, four at a time over loopback, each with its MD5 and fsync before it is acknowledged; one Node process sends, with node:http. cp copies the same file on the same disk, then fsync. In pairs, the one or the other first; before each the disk is synced and the file read into memory.',
    },
  ])
})

import { execFileSync } from 'node:child_process'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, it } from 'vitest'
import { type Balcao, startBalcao } from '../e2e/support/balcao.ts'
import { Person } from '../e2e/support/person.ts'
import { FullSpeed } from './full-speed.ts'
import { record, seconds } from './record.ts'

const RUNS = 9
const MIB = 2 ** 20
const SIZE = 1024 * MIB
const sender = new FullSpeed()

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
  sender.close()
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

/** From "begin" to "complete": parts by signed URLs, four at a time, each acknowledged only when it is on disk. */
const uploadSeconds = () => seconds(async () => person.complete(await sender.send(person, file, SIZE)))

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

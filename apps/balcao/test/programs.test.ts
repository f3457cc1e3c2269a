import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '@balcao/testing'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { lockMove } from '../src/move-lock.ts'

let dataDir: string
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'balcao-programs-'))
})
afterEach(() => rm(dataDir, { recursive: true }))

/** Runs a program from its source. */
async function run(program: string, env: Record<string, string> = {}, ...given: string[]) {
  const source = join(import.meta.dirname, '..', 'src', `${program}.ts`)
  const child = spawn(process.execPath, ['--experimental-transform-types', '--no-warnings', source, ...given], {
    env: { PATH: process.env.PATH, DATA_DIR: dataDir, ...env },
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => void (output += chunk))
  const [code] = await once(child, 'close')
  return { code: code as number, output }
}

it.each(['launcher', 'main', 'move-store'])('%s ends with 78 where it is asked for what cannot be', async (program) => {
  const { code, output } = await run(program, { PORT: 'seventy' })
  expect([code, output]).toEqual([78, expect.stringContaining('PORT is not right')])
})

it('a move ends with 78 where it is not told where to, and with 1 where one runs already', async () => {
  const lost = await run('move-store')
  expect([lost.code, lost.output]).toEqual([78, expect.stringContaining('npm run move-store -- FILE')])
  const file = join(dataDir, 'store.env')
  const url = `http://127.0.0.1:${await freePort()}`
  await writeFile(
    file,
    `OBJECT_STORE=s3\nOBJECT_STORE_URL=${url}\nOBJECT_STORE_ACCESS_KEY_ID=a\nOBJECT_STORE_SECRET_ACCESS_KEY=s`,
  )
  const lock = await lockMove(dataDir)
  const second = await run('move-store', {}, file)
  lock.release()
  expect([second.code, second.output]).toEqual([1, expect.stringContaining('being moved already')])
})

import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { lockMove } from '../src/move-lock.ts'

let dataDir: string
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'balcao-lock-'))
})
afterEach(() => rm(dataDir, { recursive: true }))

it('a second move is told that one runs, until that has ended', async () => {
  const first = await lockMove(dataDir)
  await expect(lockMove(dataDir)).rejects.toMatchObject({
    code: 'move/running',
    message: expect.stringContaining(dataDir),
  })
  first.release()
  const second = await lockMove(dataDir)
  second.release()
})

it('a move that was killed holds nothing', async () => {
  const hold = `
    new (require('node:sqlite').DatabaseSync)(process.argv[1]).exec('begin exclusive')
    process.send('held')
    setInterval(() => {}, 1000)`
  await lockMove(dataDir).then((lock) => lock.release())
  const holder = fork('-e', [hold, join(dataDir, 'move-store', 'lock')], { execArgv: [] })
  await once(holder, 'message')
  await expect(lockMove(dataDir)).rejects.toMatchObject({ code: 'move/running' })
  const ended = once(holder, 'exit')
  holder.kill('SIGKILL')
  await ended
  await lockMove(dataDir).then((lock) => lock.release())
})

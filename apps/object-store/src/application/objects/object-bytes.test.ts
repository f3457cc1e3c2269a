import { mkdtemp, open, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DiskReader } from '../../infrastructure/disk-file.ts'
import { ObjectBytes } from './object-bytes.ts'
import { Pieces } from './pieces.ts'

const MiB = 1024 * 1024
let dir: string
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'balcao-bytes-'))
  await writeFile(join(dir, 'file'), Buffer.alloc(MiB, 'abc'))
})
afterAll(() => rm(dir, { recursive: true }))

describe('the bytes of an object', () => {
  it('keep little in memory where many ask for them and nobody takes them', async () => {
    const handle = await open(join(dir, 'file'))
    const bytes = new ObjectBytes(new DiskReader(handle), new Pieces())
    const readers = 400
    let [kept, begun] = [0, 0]
    let [goOn, allBegun] = [() => {}, () => {}]
    const taken = new Promise<void>((resolve) => (goOn = resolve))
    const waiting = new Promise<void>((resolve) => (allBegun = resolve))
    const sent = Array.from({ length: readers }, async () => {
      const pieces: Buffer[] = []
      await bytes.send(0, MiB - 1, (piece) => {
        if (pieces.length === 0) {
          kept += 2 * piece.length
          if (++begun === readers) allBegun()
        }
        pieces.push(Buffer.from(piece))
        return taken
      })
      return Buffer.concat(pieces).equals(Buffer.alloc(MiB, 'abc'))
    })
    await waiting
    expect(kept).toBeLessThan(100 * MiB)
    goOn()
    expect(new Set(await Promise.all(sent))).toEqual(new Set([true]))
    // Once they are gone, pieces are as large as before.
    let first = 0
    await bytes.send(0, MiB - 1, async (piece) => void (first ||= piece.length))
    expect(first).toBe(MiB / 4)
    await handle.close()
  })
})

import { type FileHandle, mkdtemp, open, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { until } from '@balcao/testing'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DiskWriter } from '../../infrastructure/disk-file.ts'
import { HashThread } from '../../infrastructure/hash-thread.ts'
import type { Body } from './body.ts'
import { BodyReceiver, type Place } from './body-receiver.ts'
import { collect } from './collect-body.ts'

const hashes = new HashThread()
const bodies = new BodyReceiver()
let dir: string
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'balcao-receive-'))
})
afterAll(async () => {
  await hashes.close()
  await rm(dir, { recursive: true })
})

const bodyOf = (chunks: readonly Uint8Array[], size = chunks.reduce((sum, { length }) => sum + length, 0)): Body => ({
  size,
  chunks: (async function* () {
    for (const chunk of chunks) yield Buffer.from(chunk)
  })(),
  sha256: undefined,
  md5: undefined,
  checksum: undefined,
  cancel: () => {},
})

const placeIn = (handle: FileHandle, given: Partial<Place> = {}): Place => {
  const file = new DiskWriter(handle, hashes, async () => {})
  return { file, position: 0, checkpoint: () => {}, sync: () => file.sync(), ...given }
}

describe('a body', () => {
  it('lies in the file as it was sent, however it was cut', async () => {
    const path = join(dir, 'file')
    const cut = fc.array(fc.uint8Array({ minLength: 1, maxLength: 400_000 }), { maxLength: 12 })
    await fc.assert(
      fc.asyncProperty(cut, fc.nat(5000), async (chunks, position) => {
        const handle = await open(path, 'w+')
        await bodies.receive(bodyOf(chunks), placeIn(handle, { position })).finally(() => handle.close())
        const expected = chunks.length === 0 ? Buffer.alloc(0) : Buffer.concat([Buffer.alloc(position), ...chunks])
        expect((await readFile(path)).equals(expected)).toBe(true)
      }),
      { numRuns: 30 },
    )
  })

  it('stops being written when its claim is lost', async () => {
    const handle = await open(join(dir, 'lost'), 'w+')
    const lost = bodies.receive(
      bodyOf([Buffer.alloc(2_000_000), Buffer.alloc(2_000_000)]),
      placeIn(handle, {
        checkpoint: () => {
          throw new Error('lost')
        },
      }),
    )
    await expect(lost.finally(() => handle.close())).rejects.toThrow('lost')
    expect(await readFile(join(dir, 'lost'))).toHaveLength(0)
  })

  it('leaves nothing in memory when its sender stalls', async () => {
    const path = join(dir, 'stalled')
    const handle = await open(path, 'w+')
    let goOn = () => {}
    const waiting = new Promise<void>((resolve) => (goOn = resolve))
    const chunks = (async function* () {
      yield Buffer.alloc(700_000, 'a')
      await waiting
      yield Buffer.alloc(100, 'b')
    })()
    const received = bodies.receive({ ...bodyOf([], 700_100), chunks }, placeIn(handle))
    await until(async () => (await handle.stat()).size === 700_000)
    goOn()
    await received.finally(() => handle.close())
    expect((await readFile(path)).subarray(699_999, 700_001).toString()).toBe('ab')
  })

  it('that comes byte by byte is written in calls that the system takes', async () => {
    const handle = await open(join(dir, 'bytes'), 'w+')
    const calls: number[] = []
    const counting = new Proxy(handle, {
      get: (target, name) => {
        if (name !== 'writev') return Reflect.get(target, name, target)
        return (chunks: Buffer[], at: number) => {
          calls.push(chunks.length)
          return target.writev(chunks, at)
        }
      },
    })
    const chunks = Array.from({ length: 5000 }, () => Buffer.from('x'))
    await bodies.receive(bodyOf(chunks), placeIn(counting)).finally(() => handle.close())
    expect(Math.max(...calls)).toBeLessThanOrEqual(1024)
    expect((await readFile(join(dir, 'bytes'))).toString()).toBe('x'.repeat(5000))
  })

  it.each([0, 1, 5, 16_384])('that is small is one buffer of its %i bytes, however it came', async (size) => {
    const sent = Buffer.alloc(size, 'abc')
    for (const pieces of [[sent], [...sent].map((byte) => Buffer.of(byte))]) {
      const { bytes } = await collect(bodyOf(pieces))
      expect(bytes.equals(sent)).toBe(true)
    }
    for (const wrong of [bodyOf([sent, Buffer.from('x')], size), bodyOf([sent], size + 1)])
      await expect(collect(wrong)).rejects.toMatchObject({ code: 'IncompleteBody' })
  })

  it.skipIf(process.platform !== 'linux')('that the disk has no room for is refused', async () => {
    const handle = await open('/dev/full', 'r+')
    const error = await bodies
      .receive(bodyOf([Buffer.alloc(3_000_000)]), placeIn(handle))
      .catch((e) => e)
      .finally(() => handle.close())
    expect(error).toMatchObject({ code: 'ENOSPC' })
  })
})

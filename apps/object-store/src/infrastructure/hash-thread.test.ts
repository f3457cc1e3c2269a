import { createHash } from 'node:crypto'
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { HashThread } from './hash-thread.ts'

const dir = mkdtempSync(join(tmpdir(), 'balcao-hash-'))
const fd = openSync(join(dir, 'file'), 'w+')
const hashes = new HashThread()
afterAll(async () => {
  await hashes.close()
  closeSync(fd)
  rmSync(dir, { recursive: true })
})

const PLACE = 1024 * 1024
const hash = (name: string, bytes: Uint8Array) => createHash(name).update(bytes).digest('base64')

describe('hashes of files, many at a time', () => {
  it('are those of the bytes between where each was begun and ended, whatever its length', async () => {
    const lengths = fc.oneof(
      fc.nat(700_000),
      fc.constantFrom(0, 1, 55, 56, 63, 64, 65_535, 65_536, 65_537, 65_591, 131_072, 655_360),
    )
    const bodies = fc.array(fc.tuple(lengths, fc.nat(255), fc.integer({ min: 5000, max: 400_000 })), {
      minLength: 1,
      maxLength: 7,
    })
    await fc.assert(
      fc.asyncProperty(bodies, async (all) => {
        const found = await Promise.all(
          all.map(async ([length, seed, piece], i) => {
            const bytes = Buffer.from(Uint8Array.from({ length }, (_, at) => at * 31 + seed + (at >> 8)))
            const follower = hashes.follow(fd, i * PLACE, ['MD5', 'SHA256'])
            for (let at = 0; at < length; at += piece) {
              writeSync(fd, bytes, at, Math.min(piece, length - at), i * PLACE + at)
              follower.written(i * PLACE + Math.min(length, at + piece))
              await new Promise(setImmediate)
            }
            const ended = await follower.end()
            await follower.leave()
            return [ended, { MD5: hash('md5', bytes), SHA256: hash('sha256', bytes) }]
          }),
        )
        for (const [ended, expected] of found) expect(ended).toEqual(expected)
      }),
      { numRuns: 25 },
    )
  })

  it('fail for a file that is shorter than was said, and for no other', async () => {
    const path = join(dir, 'short')
    const short = openSync(path, 'w+')
    writeSync(short, Buffer.alloc(100))
    writeSync(fd, Buffer.alloc(PLACE), 0, PLACE, 0)
    const followers = [fd, short, fd, fd].map((file) => hashes.follow(file, 0, ['MD5', 'SHA1']))
    for (const follower of followers) follower.written(PLACE)
    const results = await Promise.allSettled(followers.map((follower) => follower.end()))
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled'])
    const expected = { MD5: hash('md5', Buffer.alloc(PLACE)), SHA1: hash('sha1', Buffer.alloc(PLACE)) }
    for (const i of [0, 2, 3]) expect(results[i]).toMatchObject({ value: expected })
    closeSync(short)
  })

  it('may be left before the end', async () => {
    const left = hashes.follow(fd, 0, ['MD5'])
    left.written(PLACE)
    await left.leave()
    await expect(left.end()).rejects.toThrow('given up')
  })

  it('fail when their thread dies, and the next ones have another', async () => {
    const follower = hashes.follow(fd, 0, ['MD5'])
    await Promise.all([hashes.close(), expect(follower.end()).rejects.toThrow('has ended')])
    await follower.leave()
    const next = hashes.follow(fd, 0, ['MD5'])
    expect(await next.end()).toEqual({ MD5: hash('md5', Buffer.alloc(0)) })
  })
})

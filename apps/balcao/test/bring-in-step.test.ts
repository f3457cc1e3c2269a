import { appendFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'
import { objectStore } from '@balcao/object-store'
import type { Bucket, Platform } from '@balcao/platform'
import { S3Objects } from '@balcao/platform/adapters'
import { startService, testPlatform } from '@balcao/testing'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { bringInStep } from '../src/bring-in-step.ts'
import { Journal } from '../src/move-journal.ts'

describe('a bucket that is brought in step with another', () => {
  let platform: Platform
  let running: { close(): Promise<void> }
  let from: Bucket
  let to: Bucket
  let dir: string
  let path: string

  beforeAll(async () => {
    platform = await testPlatform(objectStore)
    running = await startService(objectStore, platform)
    const { mediaBucket, tempBucket } = platform.config.store
    const store = new S3Objects(platform.config)
    from = store.bucket(mediaBucket)
    to = store.bucket(tempBucket)
  })
  afterAll(async () => {
    await running?.close()
    await platform?.close()
  })
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'balcao-journal-'))
    path = join(dir, 'move-store', 'journal.jsonl')
    for (const bucket of [from, to]) await bucket.deleteBelow('')
  })
  afterEach(() => rm(dir, { recursive: true, force: true }))

  const put = (bucket: Bucket, key: string, body: string) => bucket.put(key, Buffer.from(body), 'text/plain')
  const contents = async (bucket: Bucket) => {
    const found: Record<string, string> = {}
    for await (const { key } of bucket.list('')) found[key] = await text(await bucket.get(key))
    return found
  }
  /** One pass by a process of its own. */
  const pass = async (target = to, source = from) => {
    const journal = await Journal.open(path)
    try {
      return await bringInStep(source, target, journal, () => {})
    } finally {
      await journal.close()
    }
  }
  const inStep = { changed: 0, foreign: [] }

  it('has what the other has, and the second pass finds nothing to do', async () => {
    for (let i = 0; i < 9; i++) await put(from, `a/${i}`, `text ${i}`)
    await put(from, 'ção +&.txt', '')
    expect(await pass()).toEqual({ changed: 10, foreign: [] })
    expect(await contents(to)).toEqual(await contents(from))
    expect(await pass()).toEqual(inStep)
  })

  it('follows what is replaced and what is deleted', async () => {
    await put(from, 'replaced', 'before')
    await put(from, 'deleted', 'x')
    await pass()
    await put(from, 'replaced', 'afterwards')
    await from.delete('deleted')
    expect(await pass()).toEqual({ changed: 2, foreign: [] })
    expect(await contents(to)).toEqual({ replaced: 'afterwards' })
    expect(await pass()).toEqual(inStep)
  })

  it('follows what is replaced by the same bytes under other headers', async () => {
    await put(from, 'a', 'x')
    await pass()
    await delay(1001) // answers tell the time of an object to the second
    const headers = { cacheControl: 'no-store', metadata: { by: 'Ana' } }
    await from.put('a', Buffer.from('x'), 'text/plain', headers)
    expect((await pass()).changed).toBe(1)
    expect(await to.head('a')).toMatchObject({ headers })
    expect(await pass()).toEqual(inStep)
  })

  it('brings back what somebody took away there', async () => {
    await put(from, 'a', 'x')
    await pass()
    await to.delete('a')
    expect((await pass()).changed).toBe(1)
    expect(await contents(to)).toEqual({ a: 'x' })
  })

  it('leaves alone what it did not bring, and what was replaced there since', async () => {
    await put(to, 'theirs', 'only there')
    await put(to, 'both', 'theirs')
    await put(from, 'both', 'ours')
    await put(from, 'later', 'ours')
    await put(from, 'gone', 'ours')
    expect(await pass()).toEqual({ changed: 2, foreign: ['both'] })
    await put(to, 'later', 'of the installation that is there now')
    await put(to, 'gone', 'of the installation that is there now')
    await from.delete('gone')
    expect(new Set((await pass()).foreign)).toEqual(new Set(['both', 'later']))
    expect(await contents(to)).toEqual({
      theirs: 'only there',
      both: 'theirs',
      later: 'of the installation that is there now',
      gone: 'of the installation that is there now',
    })
  })

  it('is compared where the journal was lost, and not brought twice', async () => {
    await put(from, 'a', 'x')
    await pass()
    await rm(path)
    expect(await pass()).toEqual(inStep)
    await from.delete('a')
    await pass()
    expect(await contents(to)).toEqual({})
  })

  it('goes on after a line of the journal that was cut off', async () => {
    await put(from, 'a', 'x')
    await pass()
    await appendFile(path, '["b","12')
    await put(from, 'b', 'y')
    expect((await pass()).changed).toBe(1)
    expect(await pass()).toEqual(inStep)
  })

  it('is refused where it gives back other bytes than it was sent', async () => {
    await put(from, 'a', 'sent')
    const broken = except(to, (name) => (name === 'get' ? () => from.get('b') : undefined))
    await put(from, 'b', 'tnes')
    await expect(pass(broken)).rejects.toMatchObject({ code: 'move/differs' })
    await pass()
    expect(await contents(to)).toEqual({ a: 'sent', b: 'tnes' })
  })

  it('is refused where it does not keep what is said of an object', async () => {
    await from.put('a', Buffer.from('x'), 'text/plain', { contentLanguage: 'pt-BR' })
    const forgetful = except(to, (name) =>
      name === 'put' ? (key: string, body: Buffer, type: string) => to.put(key, body, type) : undefined,
    )
    await expect(pass(forgetful)).rejects.toMatchObject({
      code: 'move/differs',
      message: expect.stringContaining('other headers of a'),
    })
  })

  it('is in step also where it guesses the type of what came without one', async () => {
    const guessing = except(to, (name) =>
      name === 'head' ? async (key: string) => ({ ...(await to.head(key))!, contentType: 'video/mp4' }) : undefined,
    )
    await from.put('a.mp4', Buffer.from('x'), 'application/octet-stream')
    expect(await pass(guessing)).toEqual({ changed: 1, foreign: [] })
    await rm(path)
    expect(await pass(guessing)).toEqual(inStep)
  })

  it('leaves out what changes while it is copied, and finds it in the next pass', async () => {
    await put(from, 'a', 'first')
    let copies = 0
    const writtenTo = except(to, (name) =>
      name === 'put' && copies++ === 0
        ? async (key: string, body: Buffer, type: string) => {
            await put(from, 'a', 'second')
            return to.put(key, body, type)
          }
        : undefined,
    )
    expect((await pass(writtenTo)).changed).toBe(1)
    expect((await pass()).changed).toBe(1)
    expect(await contents(to)).toEqual({ a: 'second' })
    expect(await pass()).toEqual(inStep)
  })

  it('gets there from wherever it was cut off', async () => {
    const prepare = async () => {
      await rm(path, { force: true })
      for (const bucket of [from, to]) await bucket.deleteBelow('')
      for (const key of ['kept', 'replaced', 'deleted']) await put(from, key, 'before')
      await pass()
      await put(from, 'replaced', 'afterwards')
      await put(from, 'new', 'afterwards')
      await from.delete('deleted')
    }
    for (const moment of ['before', 'after'] as const) {
      for (let at = 1; ; at++) {
        await prepare()
        let calls = 0
        const cut = except(to, (name) => {
          if (!['put', 'head', 'get', 'delete'].includes(name) || ++calls < at) return undefined
          return async (...given: unknown[]) => {
            if (moment === 'after' && calls === at)
              await (to[name as keyof Bucket] as (...given: unknown[]) => unknown).apply(to, given)
            throw new Error('cut off')
          }
        })
        const cutOff = await pass(cut).then(
          () => false,
          () => true,
        )
        if (!cutOff) break
        await pass()
        expect(await contents(to)).toEqual(await contents(from))
        expect(await pass()).toEqual(inStep)
      }
    }
  })
})

/** A bucket some of whose methods are others. */
function except(bucket: Bucket, other: (name: string) => unknown): Bucket {
  return new Proxy(bucket, {
    get: (_, name) => {
      const own = bucket[name as keyof Bucket]
      return typeof own === 'function' ? (other(String(name)) ?? own.bind(bucket)) : own
    },
  })
}

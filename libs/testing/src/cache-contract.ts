import type { Cache } from '@balcao/platform'
import { beforeAll, describe, expect, it } from 'vitest'

export interface CacheUnderTest {
  readonly cache: Cache
  /** Lets seconds pass for the cache. */
  advance(seconds: number): Promise<void> | void
  /** Runs `work` in a transaction of the service that the cache was opened for. */
  transaction<T>(work: () => Promise<T>): Promise<T>
}

/** What every Cache keeps, as long as it does not forget. */
export function cacheContract(name: string, prepare: () => Promise<CacheUnderTest>): void {
  describe(`${name} as a Cache`, () => {
    let cache: Cache
    let advance: CacheUnderTest['advance']
    let transaction: CacheUnderTest['transaction']
    beforeAll(async () => {
      ;({ cache, advance, transaction } = await prepare())
    })

    it('knows nothing that was not set', async () => {
      expect(await cache.get('nothing')).toBeUndefined()
      expect(await cache.take('nothing')).toBeUndefined()
    })

    it.each(['', 'olá 🥐', '{"a":1}', 'x'.repeat(100_000)])('returns a value as it was set', async (value) => {
      await cache.set('value', value, 60)
      expect(await cache.get('value')).toBe(value)
    })

    it('replaces a value and its time', async () => {
      await cache.set('replaced', 'old', 1)
      await cache.set('replaced', 'new', 60)
      await advance(2)
      expect(await cache.get('replaced')).toBe('new')
    })

    it('D4-07, D4-17: forgets a value when its time is over', async () => {
      await cache.set('short', 'a', 1)
      await cache.set('short-too', 'b', 1)
      await advance(2)
      expect(await cache.get('short')).toBeUndefined()
      expect(await cache.take('short-too')).toBeUndefined()
    })

    it('deletes', async () => {
      await cache.set('gone', 'a', 60)
      await cache.delete('gone')
      await cache.delete('never-there')
      expect(await cache.get('gone')).toBeUndefined()
    })

    it('gives a value to one of many who take it at the same time', async () => {
      for (let round = 0; round < 10; round++) {
        await cache.set('once', 'treasure', 60)
        const taken = await Promise.all(Array.from({ length: 8 }, () => cache.take('once')))
        expect(taken.filter((value) => value === 'treasure')).toHaveLength(1)
        expect(await cache.get('once')).toBeUndefined()
      }
    })

    it('counts each of many who increment at the same time', async () => {
      const counts = await Promise.all(Array.from({ length: 20 }, () => cache.increment('hits', 60)))
      expect(counts.sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1))
    })

    it('starts counting anew when the window of the first is over, however late the last was', async () => {
      await cache.increment('window', 3)
      await advance(2)
      expect(await cache.increment('window', 3)).toBe(2)
      await advance(2)
      expect(await cache.increment('window', 3)).toBe(1)
    })

    it('is refused inside a transaction, which only one kind of cache could join', async () => {
      await cache.set('outside', 'a', 60)
      const calls: (() => Promise<unknown>)[] = [
        () => cache.set('inside', 'a', 60),
        () => cache.get('outside'),
        () => cache.take('outside'),
        () => cache.delete('outside'),
        () => cache.increment('inside', 60),
      ]
      for (const call of calls) await expect(transaction(call)).rejects.toThrow(/inside a transaction/)
      expect([await cache.get('outside'), await cache.get('inside')]).toEqual(['a', undefined])
    })
  })
}

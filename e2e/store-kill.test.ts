import { randomInt } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Wish, wishes } from '../apps/object-store/test/model/wishes.ts'
import { StoreProcess } from './support/store-process.ts'
import { Sender } from './support/store-sender.ts'

const KILLS = 20
const MOST_KILLS = 80
/** What must have been interrupted at least once. */
const INTERRUPTED: readonly Wish['do'][] = ['put', 'part', 'complete', 'copy', 'remove']
const OF_OBJECTS: readonly Wish['do'][] = ['put', 'copy', 'remove', 'removeMany']
const OF_UPLOADS: readonly Wish['do'][] = ['create', 'part', 'copyPart', 'complete', 'abort']

describe('a store that is killed at any moment', () => {
  let store: StoreProcess
  beforeAll(async () => {
    store = await StoreProcess.start()
  })
  afterAll(() => store?.close())

  it('has everything that it acknowledged, and after a sweep nothing else', { timeout: 600_000 }, async () => {
    let killing = true
    const senders: Sender[] = []
    const send = async (prefix: string, kinds: readonly Wish['do'][]) => {
      const sender = new Sender(store, prefix)
      senders.push(sender)
      const seed = randomInt(2 ** 31)
      const { writing } = wishes([store.bucket], [`${prefix}a`, `${prefix}b/ç`])
      const all = fc.sample(
        writing.filter((wish) => kinds.includes(wish.do)),
        { seed, numRuns: 5000 },
      )
      for (let i = 0; killing; i++) {
        await sender.send(all[i % all.length]!).catch((error) => {
          killing = false
          throw new Error(`${prefix} of seed ${seed}, wish ${i}`, { cause: error })
        })
      }
      await sender.check()
    }
    const sending = Promise.all([
      send('objects/', OF_OBJECTS),
      send('uploads/', OF_UPLOADS),
      send('all/', [...OF_OBJECTS, ...OF_UPLOADS]),
    ])
    await Promise.all([sending, kill()])
    expect(await store.leaks()).toEqual([])

    async function kill(): Promise<void> {
      const missing = () => INTERRUPTED.filter((kind) => !senders.some(({ interrupted }) => interrupted.includes(kind)))
      let kills = 0
      for (; killing && kills < MOST_KILLS && (kills < KILLS || missing().length > 0); kills++) {
        await store.client.send('POST', { bucket: store.bucket, key: 'left alone' }, { query: { uploads: '' } })
        await store.age('left alone')
        // The moment is what is random here: in the first sweep of a process, or in whatever is sent.
        await delay(randomInt(600))
        await store.killAndStart()
        await store.ready()
      }
      killing = false
      console.log(`${kills} kills interrupted ${senders.map(({ interrupted }) => interrupted.join(' ')).join(' ')}`)
      expect(missing()).toEqual([])
    }
  })
})

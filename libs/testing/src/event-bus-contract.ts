import type { ObjectCreated } from '@balcao/contracts'
import type { EventBus, Sql } from '@balcao/platform'
import { afterEach, describe, expect, it } from 'vitest'
import { until } from './until.ts'

export interface BusProcess {
  readonly bus: EventBus
  /** The service's own, whose transactions the bus joins. It holds a table `notes (text text)`. */
  readonly sql: Sql
}

export interface EventBusUnderTest {
  /** A process of the service that publishes, of one that consumes, or of another one that consumes. */
  open(service: 'publisher' | 'consumer' | 'other'): Promise<BusProcess>
  /** Lets time pass until what failed may be tried again. */
  waitForRetry(): Promise<void> | void
}

const TOPIC = 'object-store.object-created'
const event = (key: string): ObjectCreated => ({ bucket: 'input', key, size: 1, etag: 'e' })

/** What every EventBus keeps. @param prepare a bus on which nothing was ever published or subscribed to */
export function eventBusContract(name: string, prepare: () => Promise<EventBusUnderTest>): void {
  describe(`${name} as an EventBus`, () => {
    const opened: EventBus[] = []
    let waitForRetry: EventBusUnderTest['waitForRetry']
    /** Opens the processes of a fresh bus. */
    const fresh = async (...services: ('publisher' | 'consumer' | 'other')[]) => {
      const under = await prepare()
      waitForRetry = under.waitForRetry
      const processes = await Promise.all(services.map((service) => under.open(service)))
      opened.push(...processes.map(({ bus }) => bus))
      return processes as [BusProcess, BusProcess, BusProcess, BusProcess] // as many as were named
    }
    afterEach(async () => {
      await Promise.all(opened.splice(0).map((bus) => bus.close()))
    })

    /** Subscribes and writes down the keys that came. */
    const hear = async ({ bus }: BusProcess, consumer = 'listener') => {
      const heard: string[] = []
      await bus.subscribe(TOPIC, consumer, async ({ key }) => void heard.push(key))
      return heard
    }
    /** Publishes one more event and waits for it: what was to come before has come. */
    const flush = async ({ bus }: BusProcess, heard: string[]) => {
      await bus.publish(TOPIC, 'flush', event('flush'))
      await until(() => heard.includes('flush'))
    }

    it('brings an event to a consumer of another service', async () => {
      const [publisher, consumer] = await fresh('publisher', 'consumer')
      const payloads: ObjectCreated[] = []
      await consumer.bus.subscribe(TOPIC, 'listener', async (payload) => void payloads.push(payload))
      await publisher.bus.publish(TOPIC, '1', event('ação/clip.mp4'))
      await until(() => payloads.length > 0)
      expect(payloads).toEqual([event('ação/clip.mp4')])
    })

    it('keeps an event for the first consumer that ever comes', async () => {
      const [publisher, consumer] = await fresh('publisher', 'consumer')
      await publisher.bus.publish(TOPIC, '1', event('early'))
      const heard = await hear(consumer)
      await until(() => heard.includes('early'))
    })

    it('brings each event to every consumer once, however many processes a consumer has', async () => {
      const [publisher, one, other, second] = await fresh('publisher', 'consumer', 'other', 'consumer')
      const ears = [await hear(one), await hear(second), await hear(other, 'another')]
      const keys = Array.from({ length: 30 }, (_, n) => `k${n}`)
      await Promise.all(keys.map((key) => publisher.bus.publish(TOPIC, key, event(key))))
      await until(() => ears[0]!.length + ears[1]!.length >= 30 && ears[2]!.length >= 30)
      await flush(publisher, ears[2]!)
      expect([...ears[0]!, ...ears[1]!].filter((key) => key !== 'flush').sort()).toEqual([...keys].sort())
      expect(ears[2]!.filter((key) => key !== 'flush').sort()).toEqual([...keys].sort())
    })

    it('D4-21: delivers an id that is published twice as one event', async () => {
      const [publisher, consumer] = await fresh('publisher', 'consumer')
      const heard = await hear(consumer)
      await publisher.bus.publish(TOPIC, 'same', event('first'))
      await until(() => heard.length === 1)
      await publisher.bus.publish(TOPIC, 'same', event('second'))
      await flush(publisher, heard)
      expect(heard).toEqual(['first', 'flush'])
    })

    it('says nothing of a transaction that was rolled back', async () => {
      const [publisher, consumer] = await fresh('publisher', 'consumer')
      const heard = await hear(consumer)
      const failed = publisher.sql.transaction(async () => {
        await publisher.bus.publish(TOPIC, 'unsaid', event('unsaid'))
        throw new Error('changed my mind')
      })
      await expect(failed).rejects.toThrow('changed my mind')
      await flush(publisher, heard)
      expect(heard).toEqual(['flush'])
    })

    it('loses no event whose transaction commits after a later one', async () => {
      const [publisher, consumer] = await fresh('publisher', 'consumer')
      const heard = await hear(consumer)
      const gate = Promise.withResolvers<void>()
      const slow = publisher.sql.transaction(async () => {
        await publisher.bus.publish(TOPIC, 'slow', event('slow'))
        await gate.promise
      })
      await publisher.bus.publish(TOPIC, 'quick', event('quick'))
      await until(() => heard.includes('quick'))
      gate.resolve()
      await slow
      await until(() => heard.includes('slow'))
    })

    it('keeps nothing that a failing handler wrote, and applies the event when it comes again', async () => {
      const [publisher, consumer] = await fresh('publisher', 'consumer')
      let tries = 0
      await consumer.bus.subscribe(TOPIC, 'listener', async ({ key }) => {
        await consumer.sql.run('insert into notes values ($1)', [key])
        if (++tries === 1) throw new Error('not yet')
      })
      await publisher.bus.publish(TOPIC, '1', event('kept'))
      await until(() => tries === 1)
      await until(async () => {
        await waitForRetry()
        return tries === 2
      })
      await until(async () => (await consumer.sql.query('select text from notes')).length > 0)
      expect(await consumer.sql.query('select text from notes')).toEqual([{ text: 'kept' }])
    })

    it('goes on with others while one event fails', async () => {
      const [publisher, consumer] = await fresh('publisher', 'consumer')
      const heard: string[] = []
      await consumer.bus.subscribe(TOPIC, 'listener', async ({ key }) => {
        if (key === 'bad') throw new Error('never')
        heard.push(key)
      })
      for (const key of ['bad', 'good', 'fine']) await publisher.bus.publish(TOPIC, key, event(key))
      await until(() => heard.length === 2)
      expect(heard).toEqual(['good', 'fine'])
    })

    it('delivers what was published while no process of the consumer ran', async () => {
      const [publisher, consumer, later] = await fresh('publisher', 'consumer', 'consumer')
      const before = await hear(consumer)
      await flush(publisher, before)
      await consumer.bus.close()
      await publisher.bus.publish(TOPIC, 'meanwhile', event('meanwhile'))
      const after = await hear(later)
      await until(() => after.includes('meanwhile'))
      expect(before).not.toContain('meanwhile')
    })
  })
}

import type { Job, JobQueue, QueueStats, WorkOptions } from '@balcao/platform'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { until } from './until.ts'

export interface JobQueueUnderTest {
  readonly stats: QueueStats
  /** Another process's view of the same queues, on each call. */
  open(): Promise<JobQueue>
  /** A transaction that what `open` returned joins; absent where the queue is another server. */
  transaction?<T>(work: () => Promise<T>): Promise<T>
  /** How long a worker that is silent keeps its message. */
  readonly leaseSeconds: number
}

/** Queues are made before anybody works on them: one for each test. */
const QUEUES = Array.from({ length: 30 }, (_, n) => `queue-${n + 1}`)
const OPTIONS: WorkOptions = { concurrency: 1, retries: 2, retryDelaySeconds: 0 }

/** What every JobQueue keeps, and what QueueStats say of it.
 *  @param prepare is given the names of queues to make */
export function jobQueueContract(
  name: string,
  prepare: (queues: readonly string[]) => Promise<JobQueueUnderTest>,
): void {
  describe(`${name} as a JobQueue`, () => {
    const opened: JobQueue[] = []
    const unused = [...QUEUES]
    const aQueue = () => unused.pop()!
    let under: JobQueueUnderTest
    const counts = (queue: string) => under.stats.counts(queue)
    beforeAll(async () => {
      under = await prepare(QUEUES)
    })
    const open = async (): Promise<JobQueue> => {
      const jobs = await under.open()
      opened.push(jobs)
      return jobs
    }
    afterEach(async () => {
      await Promise.all(opened.splice(0).map((jobs) => jobs.close()))
    })

    /** Works on a queue and writes down what it saw. */
    const workOn = async (jobs: JobQueue, queue: string, options: Partial<WorkOptions> = {}) => {
      const seen: string[] = []
      await jobs.work(queue, { ...OPTIONS, ...options }, async ({ data }) => void seen.push(data.n!))
      return seen
    }

    it('brings a message to a worker in another process', async () => {
      const queue = aQueue()
      const seen = await workOn(await open(), queue)
      await (await open()).enqueue(queue, { n: 'one' })
      await until(() => seen.length === 1)
      expect(seen).toEqual(['one'])
    })

    it('keeps what was sent before anybody worked', async () => {
      const queue = aQueue()
      const jobs = await open()
      await jobs.enqueue(queue, { n: 'early' })
      expect(await counts(queue)).toEqual({ waiting: 1, active: 0, dead: 0 })
      const seen = await workOn(await open(), queue)
      await until(() => seen.includes('early'))
      await until(async () => (await counts(queue)).active === 0)
      expect(await counts(queue)).toEqual({ waiting: 0, active: 0, dead: 0 })
    })

    it('gives each of many messages to exactly one of several workers', async () => {
      const queue = aQueue()
      const sender = await open()
      const seen = await Promise.all([workOn(await open(), queue), workOn(await open(), queue, { concurrency: 4 })])
      const all = Array.from({ length: 60 }, (_, n) => String(n))
      await Promise.all(all.map((n) => sender.enqueue(queue, { n })))
      await until(() => seen.flat().length >= all.length)
      await until(async () => (await counts(queue)).waiting === 0)
      expect(seen.flat().sort()).toEqual(all.sort())
    })

    it('drops a message whose key waits already, and takes it again once that one was taken', async () => {
      const queue = aQueue()
      const jobs = await open()
      for (const n of ['1', '2']) await jobs.enqueue(queue, { n }, { key: 'same' })
      await jobs.enqueue(queue, { n: '3' }, { key: 'other' })
      await jobs.enqueue(queue, { n: '4' })
      await jobs.enqueue(queue, { n: '5' })
      expect((await counts(queue)).waiting).toBe(4)
      const seen = await workOn(jobs, queue)
      await until(() => seen.length === 4)
      await jobs.enqueue(queue, { n: '6' }, { key: 'same' })
      await until(() => seen.length === 5)
      expect(seen.sort()).toEqual(['1', '3', '4', '5', '6'])
    })

    it('runs no more at a time than it was told', async () => {
      const queue = aQueue()
      const jobs = await open()
      let [running, most] = [0, 0]
      const gate = Promise.withResolvers<void>()
      await jobs.work(queue, { ...OPTIONS, concurrency: 3 }, async () => {
        most = Math.max(most, ++running)
        await gate.promise
        running--
      })
      for (let n = 0; n < 6; n++) await jobs.enqueue(queue, { n: String(n) })
      await until(() => running === 3)
      gate.resolve()
      await until(async () => (await counts(queue)).waiting + (await counts(queue)).active === 0)
      expect(most).toBe(3)
    })

    it('D3-27: tries a failing message again as often as it was told, then lets it die', async () => {
      const queue = aQueue()
      const jobs = await open()
      let tries = 0
      await jobs.work(queue, { ...OPTIONS, retries: 2 }, async () => {
        tries++
        throw new Error('always')
      })
      await jobs.enqueue(queue, { n: 'bad' })
      await until(async () => (await counts(queue)).dead === 1)
      expect(tries).toBe(3)
      expect(await counts(queue)).toEqual({ waiting: 0, active: 0, dead: 1 })
    })

    it('keeps to the number of tries also for what was sent before the worker came', async () => {
      const queue = aQueue()
      const jobs = await open()
      await jobs.enqueue(queue, { n: 'bad' })
      let tries = 0
      await jobs.work(queue, { ...OPTIONS, retries: 5 }, async () => {
        tries++
        throw new Error('always')
      })
      await until(async () => (await counts(queue)).dead === 1)
      expect(tries).toBe(6)
    })

    it('lets a failing message fail alone', async () => {
      const queue = aQueue()
      const jobs = await open()
      const done: string[] = []
      for (const n of ['good', 'bad', 'fine']) await jobs.enqueue(queue, { n })
      await jobs.work(queue, { ...OPTIONS, concurrency: 3, retries: 0 }, async ({ data }) => {
        if (data.n === 'bad') throw new Error('bad')
        done.push(data.n!)
      })
      await until(async () => (await counts(queue)).dead === 1 && done.length === 2)
      expect(done.sort()).toEqual(['fine', 'good'])
    })

    it('holds a delayed message back', async () => {
      const queue = aQueue()
      const jobs = await open()
      const seen = await workOn(jobs, queue)
      await jobs.enqueue(queue, { n: 'later' }, { delaySeconds: 3600 })
      await jobs.enqueue(queue, { n: 'soon' }, { delaySeconds: 1 })
      await until(() => seen.length === 1)
      expect(seen).toEqual(['soon'])
      expect((await counts(queue)).waiting).toBe(1)
    })

    it('hands back what runs when it is closed, at once and without counting the try', async () => {
      const queue = aQueue()
      const first = await open()
      const started = Promise.withResolvers<Job>()
      await first.work(queue, { ...OPTIONS, retries: 1 }, async (job) => {
        started.resolve(job)
        await new Promise((_, reject) => job.signal.addEventListener('abort', () => reject(job.signal.reason)))
      })
      await first.enqueue(queue, { n: 'shared' })
      const { signal } = await started.promise
      await first.close()
      expect(signal.aborted).toBe(true)
      const second = await open()
      expect(await counts(queue)).toEqual({ waiting: 1, active: 0, dead: 0 })
      let tries = 0
      await second.work(queue, { ...OPTIONS, retries: 1 }, async () => {
        tries++
        throw new Error('always')
      })
      await until(async () => (await counts(queue)).dead === 1)
      expect(tries).toBe(2)
    })

    it('gives the same message twice to nobody who hands it back while a newer one with its key waits', async () => {
      const queue = aQueue()
      const first = await open()
      const started = Promise.withResolvers<void>()
      await first.work(queue, OPTIONS, async ({ signal }) => {
        started.resolve()
        await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
      })
      await first.enqueue(queue, { n: 'old' }, { key: 'k' })
      await started.promise
      await first.enqueue(queue, { n: 'new' }, { key: 'k' })
      await first.close()
      expect(await counts(queue)).toEqual({ waiting: 1, active: 0, dead: 0 })
    })

    it('leaves a message with its worker for as long as that one lives, however long it takes', async () => {
      const { leaseSeconds } = under
      const queue = aQueue()
      let starts = 0
      const end = Promise.withResolvers<void>()
      const [jobs, other] = [await open(), await open()]
      for (const worker of [jobs, other]) {
        await worker.work(queue, OPTIONS, async ({ signal }) => {
          starts++
          await end.promise
          signal.throwIfAborted()
        })
      }
      await jobs.enqueue(queue, { n: 'long' })
      const began = Date.now()
      await until(() => Date.now() - began > (leaseSeconds + 6) * 1000, leaseSeconds + 10)
      end.resolve()
      await until(async () => (await counts(queue)).active === 0)
      expect(starts).toBe(1)
      expect(await counts(queue)).toEqual({ waiting: 0, active: 0, dead: 0 })
    }, 60_000)

    it('sends nothing from a transaction that was rolled back', async () => {
      const { transaction } = under
      if (!transaction) return
      const queue = aQueue()
      const jobs = await open()
      await transaction(async () => {
        await jobs.enqueue(queue, { n: 'unsaid' })
        throw new Error('changed my mind')
      }).catch(() => undefined)
      await transaction(() => jobs.enqueue(queue, { n: 'said' }))
      const seen = await workOn(jobs, queue)
      await until(async () => seen.length === 1 && (await counts(queue)).waiting === 0)
      expect(seen).toEqual(['said'])
    })
  })
}

import type { JobWithMetadata, PgBoss } from 'pg-boss'
import type { Logger } from 'pino'
import { redactText } from '../observability/redact.ts'
import { span, withTraceparent } from '../observability/span.ts'
import type { Sql } from '../sql/sql.ts'
import { Wakeable } from '../wakeable.ts'
import { type Affected, HandBack } from './hand-back.ts'
import type { Job, WorkOptions } from './job-queue.ts'

const POLL_SECONDS = 2
const TOUCH_MS = 3000
const PATIENCE_MS = 10_000

/** What a message carries in pg-boss: the data and the trace it belongs to. */
export interface Envelope {
  readonly data: Record<string, string>
  readonly traceparent?: string
}

type Message = JobWithMetadata<Envelope>

export interface QueueWorkerOptions extends WorkOptions {
  readonly boss: PgBoss
  readonly sql: Sql
  readonly log: Logger
  /** Where NOTIFY names queues that have something new. */
  readonly channel: string
  readonly queue: string
  readonly handler: (job: Job) => Promise<void>
}

interface Running {
  readonly message: Message
  readonly stop: AbortController
  readonly finished: Promise<void>
}

/** Takes the messages of one queue, at most `concurrency` at a time. */
export class QueueWorker {
  readonly #running = new Map<string, Running>()
  readonly #loop: Wakeable
  readonly #heartbeat: NodeJS.Timeout
  readonly #handBack: HandBack
  readonly #retries = new Set<NodeJS.Timeout>()
  #listening: { close(): Promise<void> } | undefined
  #closing = false

  private constructor(private readonly options: QueueWorkerOptions) {
    this.#handBack = new HandBack(options)
    this.#loop = new Wakeable(POLL_SECONDS, options.log, () => this.#take())
    this.#heartbeat = setInterval(() => void this.#touch(), TOUCH_MS)
  }

  static async start(options: QueueWorkerOptions): Promise<QueueWorker> {
    const worker = new QueueWorker(options)
    worker.#listening = await options.sql.listen(
      options.channel,
      (queue) => queue === options.queue && worker.#loop.wake(),
      () => worker.#loop.wake(),
    )
    // What came before we listened.
    worker.#loop.wake()
    return worker
  }

  /** Tells the handlers to stop, waits a while, and hands back what did not finish. */
  async close(): Promise<void> {
    this.#closing = true
    await this.#listening?.close()
    await this.#loop.close()
    const running = [...this.#running.values()]
    for (const { stop } of running) stop.abort(new Error('The worker is shutting down.'))
    let patience: NodeJS.Timeout | undefined
    const late = new Promise<void>((resolve) => {
      patience = setTimeout(resolve, PATIENCE_MS)
    })
    await Promise.race([Promise.all(running.map(({ finished }) => finished)), late])
    clearTimeout(patience)
    clearInterval(this.#heartbeat)
    for (const retry of this.#retries) clearTimeout(retry)
    for (const { message } of this.#running.values()) await this.#handBack.give(message)
  }

  async #take(): Promise<boolean> {
    const { boss, queue, concurrency } = this.options
    const free = concurrency - this.#running.size
    if (free <= 0) return false
    const messages = await boss.fetch<Envelope>(queue, { batchSize: free, includeMetadata: true })
    for (const message of messages) this.#start(message)
    return messages.length === free
  }

  #start(message: Message): void {
    const stop = new AbortController()
    const finished = this.#run(message, stop.signal).finally(() => {
      this.#running.delete(message.id)
      this.#loop.wake()
    })
    this.#running.set(message.id, { message, stop, finished })
  }

  async #run(message: Message, signal: AbortSignal): Promise<void> {
    const { boss, queue, handler, log } = this.options
    const { data, traceparent } = message.data
    const job: Job = { id: message.id, data, signal }
    try {
      const outcome = await settled(() =>
        withTraceparent(traceparent, () => span(`job ${queue}`, {}, () => handler(job))),
      )
      if (outcome === undefined) await boss.complete(queue, message)
      else if (signal.aborted) await this.#handBack.give(message)
      else await this.#fail(message, outcome)
    } catch (error) {
      // The message stays active until its heartbeat is missed; then it comes again.
      log.warn({ err: error, queue, job: message.id }, 'the end of a job could not be recorded')
    }
  }

  async #fail(message: Message, error: Error): Promise<void> {
    const { boss, queue, log, retryDelaySeconds } = this.options
    log.warn({ err: error, queue, job: message.id, retry: message.retryCount }, 'a job failed')
    await boss.fail(queue, message, { name: error.name, message: redactText(error.message).slice(0, 500) })
    if (this.#closing) return
    const retry = setTimeout(() => {
      this.#retries.delete(retry)
      this.#loop.wake()
    }, retryDelaySeconds * 1000)
    this.#retries.add(retry)
  }

  /** Says that we are alive, and stops what is no longer ours: a worker that was cut off must not go on. */
  async #touch(): Promise<void> {
    const held = [...this.#running.values()]
    if (held.length === 0) return
    try {
      const messages = held.map(({ message }) => message)
      const answer = (await this.options.boss.touch(this.options.queue, messages)) as Affected
      const ours = new Set(answer.settled)
      for (const { message, stop } of held) {
        if (!ours.has(message.id)) stop.abort(new Error('The job was given to another worker.'))
      }
    } catch (error) {
      this.options.log.warn({ err: error }, 'the heartbeat of a worker failed')
    }
  }
}

/** The error of `work`, if it throws. */
async function settled(work: () => Promise<void>): Promise<Error | undefined> {
  try {
    await work()
    return undefined
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}

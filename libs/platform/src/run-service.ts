import type { Topic } from '@balcao/contracts'
import type { Logger } from 'pino'
import type { EventBus } from './events/event-bus.ts'
import type { JobQueue } from './jobs/job-queue.ts'
import type { Scheduler } from './jobs/scheduler.ts'
import type { Metrics } from './observability/metrics.ts'
import type { Running } from './platform.ts'
import type { AnyService, Subscription, Work } from './service.ts'

const LOOK_AGAIN_MS = 30_000

interface WorkerPorts {
  readonly log: Logger
  readonly queue?: JobQueue
  readonly scheduler?: Scheduler
  readonly events?: EventBus
}

/** Starts what a service does in the background: subscriptions, repeated tasks, and the queues of the chosen parts.
 *  What runs is handed back when the ports close. */
export async function startWork(
  service: AnyService,
  useCases: unknown,
  { log, queue, scheduler, events }: WorkerPorts,
  parts: ReadonlySet<string>,
): Promise<Running> {
  for (const [topic, subscription] of Object.entries(service.topics ?? {})) {
    const { consumer, handle } = subscription as Subscription<unknown, unknown>
    await events!.subscribe(topic as Topic, consumer, async (event) => void (await handle(useCases, event)))
  }
  for (const [name, { everySeconds, run }] of Object.entries(service.schedules ?? {})) {
    await scheduler!.every(name, everySeconds, async () => void (await run(useCases)))
  }
  const gates: Gate[] = []
  for (const [name, work] of Object.entries(service.work) as [string, Work<unknown, never>][]) {
    if (!parts.has(work.part)) continue
    const take = () => queue!.work(name, work, ({ data, signal }) => work.handle(useCases, data as never, signal))
    const gate = new Gate(name, log, async () => work.ready?.(useCases), take)
    await gate.open()
    gates.push(gate)
  }
  return {
    close: async () => {
      for (const gate of gates) gate.close()
    },
    problem: () => gates.map((gate) => gate.problem).find((sentence) => sentence !== undefined),
  }
}

/** Lets the metrics of this process tell what a service's gauges read, for its chosen parts. */
export function measureService(
  service: AnyService,
  useCases: unknown,
  metrics: Metrics,
  parts: ReadonlySet<string>,
): void {
  for (const [name, { part, help, read }] of Object.entries(service.gauges ?? {})) {
    if (parts.has(part)) metrics.gauge(name, help, async () => read(useCases))
  }
}

/** Lets a queue be worked on once what it needs is there: without ffmpeg, say, films wait, and are made as soon as
 *  somebody installs it. */
class Gate {
  #timer: NodeJS.Timeout | undefined
  #closed = false
  problem: string | undefined

  constructor(
    private readonly queue: string,
    private readonly log: Logger,
    private readonly ready: () => Promise<string | undefined>,
    private readonly take: () => Promise<void>,
  ) {}

  async open(): Promise<void> {
    const problem = await this.ready()
    if (this.#closed) return
    if (problem === undefined) {
      this.problem = undefined
      return this.take()
    }
    if (this.problem === undefined) this.log.error({ queue: this.queue }, problem)
    this.problem = problem
    this.#timer = setTimeout(() => {
      this.open().catch((error: unknown) => this.log.error({ err: error, queue: this.queue }, 'a queue did not open'))
    }, LOOK_AGAIN_MS)
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#timer)
  }
}

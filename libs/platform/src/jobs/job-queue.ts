import type { z } from 'zod'

/** The queues of a service and what a message of each carries: `{ 'process-video': z.object({ jobId: z.string() }) }`. */
export type Queues = Readonly<Record<string, z.ZodType<Readonly<Record<string, string>>>>>

/** A wake-up for a worker. The truth about a job is a row of the service; a message may come twice or late. */
export interface JobQueue<Q extends Queues = Queues> {
  /** Joins the surrounding transaction. A second message with the same `key` while one waits is dropped. */
  enqueue<Name extends keyof Q & string>(
    queue: Name,
    data: z.infer<Q[Name]>,
    options?: { key?: string; delaySeconds?: number },
  ): Promise<void>
  /** Takes messages, at most `concurrency` at a time. A handler that throws is called again after `retryDelaySeconds`,
   *  at most `retries` times; then the message is a dead letter. `signal` aborts when the worker must hand back. */
  work<Name extends keyof Q & string>(
    queue: Name,
    options: WorkOptions,
    handler: (job: Job<z.infer<Q[Name]>>) => Promise<void>,
  ): Promise<void>
  /** Hands back what is running and stops taking. */
  close(): Promise<void>
}

export interface WorkOptions {
  readonly concurrency: number
  readonly retries: number
  readonly retryDelaySeconds: number
}

export interface Job<Data = Readonly<Record<string, string>>> {
  readonly id: string
  readonly data: Data
  readonly signal: AbortSignal
}

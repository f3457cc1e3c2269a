/** A wake-up for a worker. The truth about a job is a row of the service; a message may come twice or late. */
export interface JobQueue {
  /** Joins the surrounding transaction. A second message with the same `key` while one waits is dropped. */
  enqueue(queue: string, data: Record<string, string>, options?: { key?: string; delaySeconds?: number }): Promise<void>
  /** Takes messages, at most `concurrency` at a time. A handler that throws is called again after `retryDelaySeconds`,
   *  at most `retries` times; then the message is a dead letter. `signal` aborts when the worker must hand back. */
  work(queue: string, options: WorkOptions, handler: (job: Job) => Promise<void>): Promise<void>
  /** Calls `handler` about every `seconds`, in one process at a time. */
  every(name: string, seconds: number, handler: () => Promise<void>): Promise<void>
  /** Waiting and dead messages by queue. */
  counts(queue: string): Promise<{ waiting: number; active: number; dead: number }>
  /** Hands back what is running and stops taking. */
  close(): Promise<void>
}

export interface WorkOptions {
  concurrency: number
  retries: number
  retryDelaySeconds: number
}

export interface Job {
  readonly id: string
  readonly data: Record<string, string>
  readonly signal: AbortSignal
}

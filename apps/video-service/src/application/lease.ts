import type { Attempt, JobLog } from './job-log.ts'
import { Superseded } from './superseded.ts'

/** Seconds a worker may be silent before another takes its job. */
export const LEASE_SECONDS = 20
const BEAT_SECONDS = 5

/** Keeps a job ours while we work, and aborts `signal` when it no longer is. */
export class Lease {
  readonly #lost = new AbortController()
  readonly #timer: NodeJS.Timeout

  constructor(jobs: Pick<JobLog, 'heartbeat'>, attempt: Attempt) {
    this.#timer = setInterval(() => {
      // A database that is away for a moment is no loss: every write is fenced, and the next beat comes soon.
      jobs.heartbeat(attempt, LEASE_SECONDS).then(
        (ours) => ours || this.lose(),
        () => undefined,
      )
    }, BEAT_SECONDS * 1000)
  }

  get signal(): AbortSignal {
    return this.#lost.signal
  }

  /** Nothing more is to be done for this attempt. */
  lose(reason: unknown = new Superseded('The lease was taken over.')): void {
    this.#lost.abort(reason)
  }

  stop(): void {
    clearInterval(this.#timer)
  }
}

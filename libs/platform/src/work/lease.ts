import { type Attempt, Superseded } from './attempt.ts'

const BEATS_A_LEASE = 4

/** Keeps a job ours while we work, and aborts `signal` when it no longer is. */
export class Lease {
  readonly #lost = new AbortController()
  readonly #timer: NodeJS.Timeout

  /** @param beat says that we live; false once the job is no longer ours */
  constructor(attempt: Attempt, leaseSeconds: number, beat: (attempt: Attempt) => Promise<boolean>) {
    this.#timer = setInterval(
      () => {
        // A database that is away for a moment is no loss: every write is fenced, and the next beat comes soon.
        beat(attempt).then(
          (ours) => ours || this.lose(),
          () => undefined,
        )
      },
      (leaseSeconds * 1000) / BEATS_A_LEASE,
    )
  }

  get signal(): AbortSignal {
    return this.#lost.signal
  }

  /** Nothing more is to be done for this attempt. */
  lose(reason: unknown = new Superseded('The job was taken over or cancelled.')): void {
    this.#lost.abort(reason)
  }

  stop(): void {
    clearInterval(this.#timer)
  }
}

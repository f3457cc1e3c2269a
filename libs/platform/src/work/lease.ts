import { type Attempt, Superseded } from './attempt.ts'

const BEATS_A_LEASE = 4

/** What a lease writes; each answers false once the job is no longer this attempt's. */
export interface LeaseWrites {
  beat(attempt: Attempt): Promise<boolean>
  /** @param percent 0 … 100  @param etaSeconds undefined when it cannot be told */
  progress(attempt: Attempt, percent: number, etaSeconds: number | undefined): Promise<boolean>
}

/** Keeps a job ours while we work, tells how far it is, and aborts `signal` when it no longer is ours. */
export class Lease {
  readonly #attempt: Attempt
  readonly #writes: LeaseWrites
  readonly #lost = new AbortController()
  readonly #timer: NodeJS.Timeout
  /** When it was last known to be ours, in milliseconds of `performance`. */
  #known = performance.now()

  /** @param onStop called once nobody needs it any more */
  constructor(
    attempt: Attempt,
    private readonly leaseSeconds: number,
    writes: LeaseWrites,
    private readonly onStop: () => void = () => {},
  ) {
    this.#attempt = attempt
    this.#writes = writes
    this.#timer = setInterval(() => this.beat(), (leaseSeconds * 1000) / BEATS_A_LEASE)
  }

  get signal(): AbortSignal {
    return this.#lost.signal
  }

  /** Tells how far a piece of work is that begins now: percent and remaining seconds, one write at a time, and 99
   *  percent at most, since what it is measured by may be wrong.
   *  @param from the part that was done before, 0 … 1  @returns to be called with the part that is done, 0 … 1 */
  progress(from = 0): (done: number) => void {
    const started = performance.now()
    let writing = false
    return (part) => {
      if (writing) return
      writing = true
      const done = Math.min(0.99, part)
      const elapsed = (performance.now() - started) / 1000
      const here = done - from
      const eta = here > 0.02 ? Math.round((elapsed * (1 - done)) / here) : undefined
      const written = this.#note(this.#writes.progress(this.#attempt, Math.round(done * 1000) / 10, eta))
      void written.finally(() => {
        writing = false
      })
    }
  }

  /** Says that we live, and finds out whether the job is still ours. */
  beat(): Promise<void> {
    return this.#note(this.#writes.beat(this.#attempt))
  }

  stop(): void {
    clearInterval(this.#timer)
    this.onStop()
  }

  /** A database that is away for a moment is no loss: every write is fenced, and the next one comes soon. Away for as
   *  long as the lease is, another worker has the job by now. */
  #note(ours: Promise<boolean>): Promise<void> {
    return ours.then(
      (still) => {
        if (still) this.#known = performance.now()
        else this.#lose()
      },
      () => {
        if (performance.now() - this.#known > this.leaseSeconds * 1000) this.#lose()
      },
    )
  }

  /** Nothing more is to be done for this attempt. */
  #lose(): void {
    this.#lost.abort(new Superseded('The job was taken over or cancelled.'))
  }
}

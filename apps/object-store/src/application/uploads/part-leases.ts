import { type Clock, randomToken } from '@balcao/kernel'
import { refusal } from '../../domain/refusal.ts'
import type { Uploads } from '../ports/uploads.ts'

/** Seconds that a place in a file is held without being renewed: so long a completion waits for a writer that was
 *  killed. */
const LEASE = 10
/** Seconds before that at which its writer stops: clocks differ, and a write takes time. */
const MARGIN = 4
const RENEW_EVERY = 2

export interface PartLease {
  readonly claim: string
  /** Throws when these bytes may no longer be written: somebody else could be writing to the same place. */
  checkpoint(): void
  /** The writer has stopped for good. */
  end(): void
}

interface Active {
  readonly uploadId: string
  until: number
  stopped: boolean
  cancel(): void
  readonly ended: Promise<void>
}

/** Who writes to uploads' files in this process. A place in a file has one writer at a time, in all processes:
 *  the row holds the claim, this keeps it alive and stops the writer when it is lost. */
export class PartLeases {
  readonly #active = new Map<string, Active>()
  readonly #timer: NodeJS.Timeout

  constructor(
    private readonly uploads: Uploads,
    private readonly clock: Clock,
    private readonly onError: (error: unknown) => void,
  ) {
    this.#timer = setInterval(() => this.renew().catch(this.onError), RENEW_EVERY * 1000)
    this.#timer.unref()
  }

  /** @param cancel ends the wait for more bytes
   *  @returns undefined where the place is taken; then the part is written apart */
  async take(uploadId: string, number: number, cancel: () => void): Promise<PartLease | undefined> {
    const claim = randomToken(12)
    const now = this.clock.now()
    const until = this.#leaseFrom(now)
    // Begun before it is asked for: a completion that stops writers must find it.
    const writer = this.#begin(uploadId, claim, until, cancel)
    let taken = false
    try {
      taken = await this.uploads.leasePlace(uploadId, { number, claim }, now, until)
      return taken ? writer : undefined
    } finally {
      if (!taken) writer.end()
    }
  }

  /** Stops this process's writers of an upload, and waits until they have stopped. */
  async stop(uploadId: string): Promise<void> {
    const found = [...this.#active.values()].filter((active) => active.uploadId === uploadId)
    for (const active of found) {
      active.stopped = true
      active.cancel()
    }
    await Promise.all(found.map((active) => active.ended))
  }

  /** Keeps the claims that are still ours. The others are not: their writers stop when their time is over. */
  async renew(): Promise<void> {
    if (this.#active.size === 0) return
    const writers = new Map(this.#active)
    const now = this.clock.now()
    const until = this.#leaseFrom(now)
    const renewed = await this.uploads.renewLeases([...writers.keys()], now, until)
    for (const claim of renewed) writers.get(claim)!.until = stopsAt(until)
  }

  close(): void {
    clearInterval(this.#timer)
  }

  #begin(uploadId: string, claim: string, until: Date, cancel: () => void): PartLease {
    let end = () => {}
    const ended = new Promise<void>((resolve) => (end = resolve))
    const active: Active = { uploadId, until: stopsAt(until), stopped: false, cancel, ended }
    this.#active.set(claim, active)
    return {
      claim,
      checkpoint: () => {
        if (active.stopped) throw refusal('OperationAborted')
        // The machine slept, or the database was away: the sender may try again.
        if (this.clock.now().getTime() >= active.until) throw refusal('SlowDown')
      },
      end: () => {
        this.#active.delete(claim)
        end()
      },
    }
  }

  #leaseFrom(now: Date): Date {
    return new Date(now.getTime() + LEASE * 1000)
  }
}

/** Milliseconds since 1970 from which on a writer whose claim ends then may not write. */
const stopsAt = (until: Date): number => until.getTime() - MARGIN * 1000

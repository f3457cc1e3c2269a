import { type Clock, randomToken } from '@balcao/kernel'
import { refusal } from '../domain/refusal.ts'
import type { Uploads } from './uploads.ts'

/** Seconds that a claim on a place in a file holds without being renewed: so long a new process waits for one that
 *  was killed. */
const LEASE = 10
const RENEW_EVERY = 3

export interface PartWriter {
  readonly claim: string
  /** Throws when these bytes may no longer be written: somebody else could be writing to the same place. */
  checkpoint(): void
  /** The writer has stopped for good. */
  end(): void
}

interface Active {
  readonly uploadId: string
  readonly number: number
  until: number
  stopped: boolean
  cancel(): void
  readonly ended: Promise<void>
}

/** Who writes to uploads' files in this process. A place in a file has one writer at a time, in all processes:
 *  the row holds the claim, this keeps it alive and stops the writer when it is lost. */
export class PartWriters {
  readonly #active = new Map<string, Active>()
  readonly #timer: NodeJS.Timeout

  constructor(
    private readonly uploads: Uploads,
    private readonly clock: Clock,
    private readonly onError: (error: unknown) => void,
  ) {
    this.#timer = setInterval(() => this.#renew().catch(this.onError), RENEW_EVERY * 1000)
    this.#timer.unref()
  }

  leaseFrom(now: Date): Date {
    return new Date(now.getTime() + LEASE * 1000)
  }

  newClaim(): string {
    return randomToken(12)
  }

  /** @param cancel ends the wait for more bytes */
  begin(uploadId: string, number: number, claim: string, until: Date, cancel: () => void): PartWriter {
    let end = () => {}
    const ended = new Promise<void>((resolve) => (end = resolve))
    const active: Active = { uploadId, number, until: until.getTime(), stopped: false, cancel, ended }
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

  /** Stops this process's writers of an upload, or of one of its parts, and waits until they have stopped. */
  async stop(uploadId: string, number?: number): Promise<void> {
    const found = [...this.#active.values()].filter(
      (active) => active.uploadId === uploadId && (number === undefined || active.number === number),
    )
    for (const active of found) {
      active.stopped = true
      active.cancel()
    }
    await Promise.all(found.map((active) => active.ended))
  }

  close(): void {
    clearInterval(this.#timer)
  }

  async #renew(): Promise<void> {
    if (this.#active.size === 0) return
    const renewed = [...this.#active]
    const until = this.leaseFrom(this.clock.now())
    await this.uploads.renew(
      renewed.map(([claim]) => claim),
      until,
    )
    for (const [, active] of renewed) active.until = until.getTime()
  }
}

import type { Clock } from '@balcao/kernel'
import { refusal } from '../../domain/refusal.ts'
import type { Unfinished } from '../ports/unfinished.ts'

/** Milliseconds that a file may be left alone before a sweep takes it, where nobody is known to write it. */
export const LEFT_ALONE_MS = 60 * 60 * 1000
/** A writer stops before its time is over: clocks differ. */
const MARGIN_MS = 5 * 60 * 1000
const WRITES_MS = LEFT_ALONE_MS - MARGIN_MS
const RENEW_EVERY_MS = 60 * 1000

export interface WriteIntent {
  /** Throws when a sweep might have taken the file: the database was away too long, or the machine slept. Once it
   *  threw it always does. */
  checkpoint(): void
  end(): void
}

/** The files that this process writes and no row needs yet, so that the sweeps of all processes know of them. What is
 *  written within a minute, as nearly all is, costs no word to the database: a sweep leaves young files alone. */
export class WriteIntents {
  readonly #active = new Map<string, { readonly since: number; until: number }>()
  readonly #timer: NodeJS.Timeout

  constructor(
    private readonly unfinished: Unfinished,
    private readonly clock: Clock,
    private readonly onError: (error: unknown) => void,
  ) {
    this.#timer = setInterval(() => this.renew().catch(this.onError), RENEW_EVERY_MS)
    this.#timer.unref()
  }

  begin(fileId: string): WriteIntent {
    const now = this.clock.now().getTime()
    const writer = { since: now, until: now + WRITES_MS }
    this.#active.set(fileId, writer)
    return {
      checkpoint: () => {
        if (this.clock.now().getTime() >= writer.until) throw refusal('SlowDown')
      },
      end: () => void this.#active.delete(fileId),
    }
  }

  /** Tells of those that have been at it for a while. A writer whose time is over stays without: nobody knows whether
   *  its file is there. */
  async renew(): Promise<void> {
    const now = this.clock.now().getTime()
    const long = [...this.#active].filter(([, { since, until }]) => now - since >= RENEW_EVERY_MS && now < until)
    if (long.length === 0) return
    await this.unfinished.hold(
      long.map(([fileId]) => fileId),
      new Date(now + LEFT_ALONE_MS),
    )
    const told = this.clock.now().getTime()
    for (const [, writer] of long) if (told < writer.until) writer.until = now + WRITES_MS
  }

  close(): void {
    clearInterval(this.#timer)
  }
}

import type { Clock } from '@balcao/kernel'
import type { Sql } from '@balcao/platform'
import type { Files } from '../ports/files.ts'
import type { Unfinished } from '../ports/unfinished.ts'

/** Names files that nobody needs once the transaction is committed. */
export type Discard = (...fileIds: readonly (string | undefined)[]) => void

/** Transactions after which files fall away. No file goes before the commit that makes it superfluous; one that a crash
 *  leaves after it has a row by which a sweep finds it. */
export class Discarding {
  constructor(
    private readonly need: {
      readonly sql: Sql
      readonly unfinished: Unfinished
      readonly files: Files
      readonly clock: Clock
      readonly onError: (error: unknown) => void
    },
  ) {}

  async transaction<T>(work: (discard: Discard) => Promise<T>): Promise<T> {
    const { sql, unfinished, clock, onError } = this.need
    const gone: string[] = []
    const result = await sql.transaction(async () => {
      const done = await work((...ids) => void gone.push(...ids.filter((id) => id !== undefined)))
      if (gone.length > 0) await unfinished.discard(gone, clock.now())
      return done
    })
    await this.remove(gone).catch(onError)
    return result
  }

  /** Takes discarded files off the disk. @returns how many */
  async remove(fileIds: readonly string[]): Promise<number> {
    if (fileIds.length === 0) return 0
    const gone = await this.need.files.remove(...fileIds)
    await this.need.unfinished.forgetDiscarded(gone)
    return gone.length
  }
}

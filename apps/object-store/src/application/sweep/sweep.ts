import { AppError, type Clock } from '@balcao/kernel'
import type { Files } from '../ports/files.ts'
import type { Unfinished } from '../ports/unfinished.ts'
import type { Uploads } from '../ports/uploads.ts'
import type { Withheld } from '../ports/withheld.ts'
import type { AbortUpload } from '../uploads/abort-upload.ts'
import type { Discarding } from './discarding.ts'
import { LEFT_ALONE_MS } from './write-intents.ts'

const DAY_MS = 24 * 60 * 60 * 1000
/** An upload lives so long after its last sign of life: on a slow line it may take weeks. */
const UPLOAD_LIVES_MS = 7 * DAY_MS
/** Whoever discarded a file takes it off the disk at once; one that is still there so much later was left by a crash. */
const DISCARDED_MS = 60 * 1000
const PAGE = 1000
/** No signed URL is good for longer. */
const URL_LIVES_MS = 7 * DAY_MS

/** Takes away what nobody needs: uploads that were never completed, files that a crash left. It costs what is
 *  unfinished, however much is stored. */
export class Sweep {
  constructor(
    private readonly need: {
      readonly uploads: Uploads
      readonly unfinished: Unfinished
      readonly files: Files
      readonly withheld: Withheld
      readonly abort: AbortUpload
      readonly discarding: Discarding
      readonly clock: Clock
    },
  ) {}

  /** @param leftAloneMs how long an unfinished file must have been left alone
   *  @returns how many of each it took */
  async run(leftAloneMs = LEFT_ALONE_MS): Promise<{ uploads: number; files: number }> {
    const { unfinished, withheld, clock } = this.need
    const uploads = await this.#abortQuiet()
    const files = (await this.#removeDiscarded()) + (await this.#removeLeftovers(leftAloneMs))
    await unfinished.forgetHeld(clock.now())
    await withheld.forgetEmpty(new Date(clock.now().getTime() - URL_LIVES_MS))
    return { uploads, files }
  }

  async #abortQuiet(): Promise<number> {
    const { uploads, abort, clock } = this.need
    const since = new Date(clock.now().getTime() - UPLOAD_LIVES_MS)
    let aborted = 0
    for (const { bucket, key, id } of await uploads.quietSince(since)) {
      try {
        await abort.run({ bucket, key, uploadId: id }, since)
        aborted++
      } catch (error) {
        // Completed, aborted or sent to in this moment.
        if (!(error instanceof AppError)) throw error
      }
    }
    return aborted
  }

  async #removeDiscarded(): Promise<number> {
    const { unfinished, discarding, clock } = this.need
    const before = new Date(clock.now().getTime() - DISCARDED_MS)
    for (let removed = 0; ; ) {
      const page = await unfinished.discarded(before, PAGE)
      const gone = await discarding.remove(page)
      removed += gone
      if (page.length < PAGE || gone === 0) return removed
    }
  }

  async #removeLeftovers(leftAloneMs: number): Promise<number> {
    const { unfinished, files, clock } = this.need
    let removed = 0
    for await (const ids of files.unfinished(leftAloneMs)) {
      const uses = await unfinished.uses(ids, clock.now())
      const leftovers = ids.filter((id) => !uses.has(id))
      removed += (await files.remove(...leftovers)).length
      // Its process died between the commit and the move.
      for (const id of ids) if (uses.get(id) === 'object') await files.publish(id)
    }
    return removed
  }
}

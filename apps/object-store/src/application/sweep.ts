import type { Clock } from '@balcao/kernel'
import type { AbortUpload } from './abort-upload.ts'
import type { Files } from './files.ts'
import type { Objects } from './objects.ts'
import type { Uploads } from './uploads.ts'

const DAY_MS = 24 * 60 * 60 * 1000
/** An upload lives so long after its last sign of life: on a slow line it may take weeks. */
const UPLOAD_LIVES_MS = 7 * DAY_MS
/** A file that is written is touched more often, and its row comes within seconds of its last byte. */
const LEFTOVER_MS = 60 * 60 * 1000

/** Takes away what nobody needs: uploads that were never completed, files that a crash left without a row. */
export class Sweep {
  constructor(
    private readonly need: {
      readonly objects: Objects
      readonly uploads: Uploads
      readonly files: Files
      readonly abort: AbortUpload
      readonly clock: Clock
    },
  ) {}

  /** @param leftoverMs how long a file without a row must have been left alone
   *  @returns how many of each it took */
  async run(leftoverMs = LEFTOVER_MS): Promise<{ uploads: number; files: number }> {
    const expired = await this.need.uploads.quietSince(new Date(this.need.clock.now().getTime() - UPLOAD_LIVES_MS))
    for (const { bucket, key, id } of expired) {
      await this.need.abort.run({ bucket, key, uploadId: id }).catch((error) => {
        if (error.code !== 'NoSuchUpload') throw error // completed or aborted in this moment
      })
    }
    let files = 0
    for await (const ids of this.need.files.untouchedFor(leftoverMs)) {
      const needed = await this.need.objects.needed(ids)
      const leftovers = ids.filter((id) => !needed.has(id))
      await this.need.files.remove(...leftovers)
      files += leftovers.length
    }
    return { uploads: expired.length, files }
  }
}

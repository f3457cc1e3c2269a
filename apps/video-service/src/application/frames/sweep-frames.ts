import { framesKeptSince } from '../../domain/frames.ts'
import type { Needs } from '../needs.ts'
import { framesPrefix } from '../ports/frames.ts'
import { gaveUp } from '../processing/job-problem.ts'

/** Seconds without a touch after which a job's message counts as lost. */
const FORGOTTEN_SECONDS = 60
const BATCH = 100
/** Seconds in which a worker that was overtaken has heard of it, and writes no more. */
const LAST_WORDS = 30

type Needed = Pick<Needs, 'frames' | 'framesWork' | 'media' | 'queue' | 'tell' | 'clock'>

/** Wakes jobs for images whose worker died or whose message was lost, and takes away what is kept no longer. */
export class SweepFrames {
  constructor(private readonly need: Needed) {}

  async run(): Promise<void> {
    const { frames, framesWork, queue, tell } = this.need
    const wake = (framesId: string) => queue.enqueue('make-frames', { framesId }, { key: framesId })
    await framesWork.recover({
      waiting: ({ id }) => wake(id),
      failed: async ({ id, videoId, owner, number }) => {
        await frames.setProblem(id, gaveUp)
        const ended = { framesId: id, videoId, owner, attempt: number }
        await tell.frames_ended({ ...ended, result: 'failed', images: null, expiresAt: null })
      },
    })
    await framesWork.forgotten(FORGOTTEN_SECONDS, wake)
    await this.#tidy()
    await this.#expire()
  }

  /** Removes what attempts left that ended before they could tell of it, or were overtaken. */
  async #tidy(): Promise<void> {
    const { frames, media, clock } = this.need
    const now = clock.now()
    for (;;) {
      const page = await frames.untidy(new Date(now.getTime() - LAST_WORDS * 1000), BATCH)
      for (const { frames: request, attempt } of page) {
        const prefix = framesPrefix(request)
        for await (const { key } of media.list(prefix)) {
          // Of a later attempt it is what its owner asked for in this moment.
          const isOver = Number.parseInt(key.slice(prefix.length), 10) <= attempt
          if (isOver && key !== request.zip?.key) await media.delete(key)
        }
        await frames.tidied(request.id, now)
      }
      if (page.length < BATCH) return
    }
  }

  async #expire(): Promise<void> {
    const { frames, media, tell, clock } = this.need
    for (;;) {
      const page = await frames.expired(clock.now(), framesKeptSince(clock.now()), BATCH)
      for (const request of page) {
        await media.deleteBelow(framesPrefix(request))
        await frames.remove(request.id)
        await tell.frames_expired({ framesId: request.id, videoId: request.videoId })
      }
      if (page.length < BATCH) return
    }
  }
}

import type { Needs } from '../needs.ts'
import { wake } from '../ports/queues.ts'
import { gaveUp } from './job-problem.ts'

/** Seconds without a touch after which a job's message counts as lost. A second message for one job does no harm. */
const FORGOTTEN_SECONDS = 60

/** Finds what has no message any more, and wakes a worker for it again: jobs whose message was lost or whose worker died,
 *  originals that nobody put away, posters that nobody made. */
export class SweepJobs {
  constructor(
    private readonly need: Pick<Needs, 'work' | 'jobs' | 'videos' | 'films' | 'posters' | 'queue' | 'tell' | 'clock'>,
  ) {}

  async run(): Promise<void> {
    const { work, jobs, videos, films, posters, queue, tell, clock } = this.need
    const wakeAgain = async (jobId: string) => wake(queue, await jobs.laneOf(jobId), jobId)
    await work.recover({
      waiting: async ({ id, videoId }) => {
        await videos.move(videoId, 'queued')
        await wakeAgain(id)
        await tell.job_recovered({ jobId: id })
      },
      failed: async ({ id, videoId }) => {
        await films.hide(videoId, clock.now())
        await videos.move(videoId, 'failed', gaveUp)
        await tell.job_failed({ jobId: id, code: gaveUp.code })
      },
    })
    await work.forgotten(FORGOTTEN_SECONDS, wakeAgain)
    for (const jobId of await jobs.forgottenOriginals(clock.now(), FORGOTTEN_SECONDS)) {
      await queue.enqueue('tidy-video', { jobId }, { key: jobId })
    }
    for (const which of await posters.forgotten(clock.now(), FORGOTTEN_SECONDS))
      await queue.enqueue('make-poster', which, { key: which.videoId })
  }
}

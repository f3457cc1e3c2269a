import type { JobQueue } from '@balcao/platform'
import { z } from 'zod'
import type { Lane } from '../../domain/job.ts'

/** What the messages of each queue carry: ids; the truth is in the rows they are of. */
export const queues = {
  /** Wakes a worker for a job that is to be looked at. */
  'process-video': z.object({ jobId: z.string() }),
  /** Wakes a worker for whichever job is next in a lane; the id is that of a job that came there,
   *  or `next`, and decides nothing. */
  'copy-video': z.object({ jobId: z.string() }),
  'preview-video': z.object({ jobId: z.string() }),
  'encode-video': z.object({ jobId: z.string() }),
  /** Wakes a worker for a request for images. */
  'make-frames': z.object({ framesId: z.string() }),
  /** Puts a finished job's upload away. */
  'tidy-video': z.object({ jobId: z.string() }),
  /** Makes the picture of the moment that an owner chose for the poster, and removes those of before. */
  'make-poster': z.object({ videoId: z.string(), owner: z.string() }),
  /** Makes the store agree with the trash about a video. */
  'withhold-video': z.object({ videoId: z.string(), owner: z.string() }),
}

/** The queue that wakes workers of a lane. */
export const queueOf = {
  look: 'process-video',
  copy: 'copy-video',
  preview: 'preview-video',
  encode: 'encode-video',
} as const satisfies Record<Lane, keyof typeof queues>

/** Wakes a worker of a lane for a job that came there.  @param delaySeconds until it may be made */
export const wake = (
  queue: Pick<JobQueue<typeof queues>, 'enqueue'>,
  lane: Lane,
  jobId: string,
  delaySeconds = 0,
): Promise<void> => queue.enqueue(queueOf[lane], { jobId }, { key: jobId, delaySeconds })

import { z } from 'zod'
import type { Lane } from '../../domain/job.ts'

/** What the messages of each queue carry: an id; the truth about the job is its row. */
export const queues = {
  /** Wakes a worker for a job that is to be looked at. */
  'process-video': z.object({ jobId: z.string() }),
  /** Wakes a worker for whichever job is next in a lane; the id is that of the job that came there. */
  'copy-video': z.object({ jobId: z.string() }),
  'encode-video': z.object({ jobId: z.string() }),
  /** Wakes a worker for a request for images. */
  'make-frames': z.object({ framesId: z.string() }),
  /** Puts a finished job's upload away. */
  'tidy-video': z.object({ jobId: z.string() }),
}

/** The queue that wakes workers of a lane. */
export const queueOf = { look: 'process-video', copy: 'copy-video', encode: 'encode-video' } as const satisfies Record<
  Lane,
  keyof typeof queues
>

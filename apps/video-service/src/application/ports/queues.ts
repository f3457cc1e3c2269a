import { z } from 'zod'

/** What the messages of each queue carry: an id; the truth about the job is its row. */
export const queues = {
  /** Wakes a worker for a job. */
  'process-video': z.object({ jobId: z.string() }),
  /** Wakes a worker for a request for images. */
  'make-frames': z.object({ framesId: z.string() }),
  /** Puts a finished job's upload away. */
  'tidy-video': z.object({ jobId: z.string() }),
}

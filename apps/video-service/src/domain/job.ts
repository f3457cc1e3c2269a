/** `waiting` for a worker, `running` under a lease, `done`, or `failed` for good. */
export type JobState = 'waiting' | 'running' | 'done' | 'failed'

export const JOB_MOVES: Readonly<Record<JobState, readonly JobState[]>> = {
  waiting: ['running'],
  running: ['waiting', 'running', 'done', 'failed'],
  done: [],
  failed: ['waiting'],
}

/** Queue whose messages wake a worker for a job: `{ jobId }`. */
export const PROCESS_QUEUE = 'process-video'
/** Queue whose messages put a finished job's upload away: `{ jobId }`. */
export const TIDY_QUEUE = 'tidy-video'

/** Attempts whose lease ran out before a job is given up: a film that kills its worker must not do so for ever. */
export const MAX_ATTEMPTS = 8

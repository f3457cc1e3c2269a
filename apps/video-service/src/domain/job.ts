/** Queue whose messages wake a worker for a job: `{ jobId }`. */
export const PROCESS_QUEUE = 'process-video'
/** Queue whose messages put a finished job's upload away: `{ jobId }`. */
export const TIDY_QUEUE = 'tidy-video'

/** Attempts after which a job whose lease ran out again is given up: a film that kills its worker must not do so for
 *  ever, yet a worker may be restarted often while a long film is made. */
export const MAX_ATTEMPTS = 25

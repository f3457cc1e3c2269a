/** Seconds that a worker may be silent before another takes its job. */
export const LEASE_SECONDS = 20

/** Attempts after which a job whose lease ran out again is given up: a film that kills its worker must not do so for
 *  ever, yet a worker may be restarted often while a long film is made. */
export const MAX_ATTEMPTS = 25

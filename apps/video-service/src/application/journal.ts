/** What happens to videos, as the operator counts it. */
export const VIDEO_EVENTS = {
  upload_started: 'Uploads begun',
  upload_completed: 'Uploads complete and queued',
  upload_refused: 'Uploads whose bytes were not those declared',
  upload_aborted: 'Uploads given up by their owner',
  upload_abandoned: 'Uploads given up after seven days without a sign of life',
  upload_recovered: 'Uploads that the sweeper found complete',
  job_finished: 'Jobs done',
  job_failed: 'Jobs failed for good',
  job_handed_back: 'Jobs to be done again',
  job_recovered: 'Jobs that the sweeper woke again',
  video_deleted: 'Videos moved to the trash',
  video_restored: 'Videos taken out of the trash',
  video_retried: 'Failed videos queued again by their owner',
  video_erased: 'Videos erased after 30 days in the trash',
} as const
export type VideoEvent = keyof typeof VIDEO_EVENTS

/** One call per business event writes log and metric together. `fields` are ids, sizes and codes, never names. */
export interface Journal {
  record(event: VideoEvent, fields: { videoId?: string; jobId?: string; code?: string; [field: string]: unknown }): void
}

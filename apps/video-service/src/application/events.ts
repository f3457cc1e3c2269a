import type { FramesEnded } from '@balcao/contracts'
import { defineEvents, event, type Telling } from '@balcao/platform'

type OfFrames = { readonly framesId: string; readonly videoId: string }
type OfVideo = { readonly videoId: string }
type OfJob = OfVideo & { readonly jobId: string }
type OfAttempt = OfJob & { readonly attempt: number }

/** What happens to videos, as operator and auditor count it. Ids, sizes and codes, never names. */
export const videoEvents = defineEvents('video', {
  upload_started: event<OfJob & { size: number | undefined }>({ says: 'Uploads begun' }),
  upload_completed: event<OfJob & { size: number }>({ says: 'Uploads complete and queued' }),
  upload_refused: event<OfVideo & { declared: number; sent: number }>({
    says: 'Uploads whose bytes were not those declared',
    audit: true,
  }),
  upload_aborted: event<OfVideo>({ says: 'Uploads given up by their owner' }),
  upload_abandoned: event<OfVideo>({ says: 'Uploads given up after seven days without a sign of life' }),
  leftovers_removed: event<{ uploads: number; objects: number }>({
    says: 'Sweeps of what no video knows in the store',
  }),
  upload_recovered: event<OfVideo>({ says: 'Uploads that the sweeper found complete' }),
  upload_rejected: event<OfAttempt & { code: string }>({ says: 'Files that can never become a video', audit: true }),
  job_finished: event<OfAttempt>({ says: 'Jobs done' }),
  job_failed: event<{ jobId: string; code: string }>({ says: 'Jobs failed for good', audit: true }),
  job_handed_back: event<OfAttempt & { code: string | undefined }>({ says: 'Jobs to be done again' }),
  job_recovered: event<{ jobId: string }>({ says: 'Jobs that the sweeper woke again' }),
  original_given_up: event<OfVideo>({ says: 'Originals erased by the wish of their owner', audit: true }),
  settings_changed: event<{ readonly owner: string; readonly keepOriginals: boolean }>({
    says: 'Changes of how a person keeps videos',
    audit: true,
  }),
  poster_chosen: event<OfVideo>({ says: 'Moments chosen for a poster' }),
  poster_made_automatic: event<OfVideo>({ says: 'Posters that are the automatic one again' }),
  poster_withdrawn: event<OfVideo>({ says: 'Moments chosen for a poster of which no picture came' }),
  video_deleted: event<OfVideo>({ says: 'Videos moved to the trash', audit: true }),
  video_restored: event<OfVideo>({ says: 'Videos taken out of the trash', audit: true }),
  video_retried: event<OfVideo>({ says: 'Failed videos queued again by their owner' }),
  frames_requested: event<OfFrames>({ says: 'Requests for images of a video' }),
  frames_cancelled: event<OfFrames>({ says: 'Requests for images cancelled by their owner' }),
  frames_removed: event<OfFrames>({ says: 'ZIPs of images removed by their owner' }),
  frames_expired: event<OfFrames>({ says: 'ZIPs of images that were kept no longer' }),
  frames_ended: event<FramesEnded & { attempt: number }>({
    says: 'Requests for images by how they ended',
    labels: ['result'],
    publish: { topic: 'video.frames-ended', id: ({ framesId, attempt }) => `${framesId} ${attempt}` },
  }),
  video_erased: event<OfVideo>({ says: 'Videos erased after 30 days in the trash', audit: true }),
})
export type TellVideo = Telling<typeof videoEvents.specs>

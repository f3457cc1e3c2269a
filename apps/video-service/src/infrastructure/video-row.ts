import { bytes, flag, group, int, json, oneOf, optional, real, rowOf, text, time } from '@balcao/platform'
import { z } from 'zod'
import { LEFT_OUT } from '../domain/media/tracks.ts'
import { type Video, videoStates } from '../domain/video.ts'
import { POSTER_PENDING } from './pg-posters.ts'

/** The one place where a row becomes a Video. The job's progress is part of what a person sees. */
export const videoRow = rowOf<Video>()({
  id: text(),
  owner: text(),
  jobId: text(),
  title: text(),
  state: oneOf(videoStates.all),
  size: optional(bytes()),
  key: text(),
  fingerprint: optional(text()),
  multipart: group({ uploadId: text(), partSize: bytes() }),
  createdAt: time(),
  deletedAt: optional(time()),
  durationSeconds: optional(real('duration')),
  width: optional(int()),
  height: optional(int()),
  playAttempt: optional(int()),
  posterKey: optional(text('coalesce(v.chosen_poster_key, v.poster_key)')),
  posterAtSeconds: optional(real('poster_at')),
  posterPending: flag(POSTER_PENDING),
  mp4: group({ key: text('mp4_key'), size: bytes('mp4_size') }),
  originalKey: optional(
    text(
      `coalesce(j.archive_key,
         case when j.state = 'done' and coalesce(j.original, 'covered') = 'covered' and j.given_up_at is null then v.mp4_key end)`,
    ),
  ),
  problem: group({
    code: text('problem_code'),
    message: text('problem_message'),
    missing: optional(bytes('problem_missing')),
  }),
  leftOut: json(z.array(z.enum(LEFT_OUT))),
  percent: real('coalesce(j.percent, 0)'),
  etaSeconds: optional(real('j.eta_seconds')),
})
export type VideoRow = Readonly<Record<string, unknown>>

/** Selects Videos; what else is selected, or `from …`, follows. */
export const SELECT_VIDEO = `select ${videoRow.columns('v')}`
export const FROM_VIDEOS = 'from videos v left join jobs j on j.video_id = v.id'

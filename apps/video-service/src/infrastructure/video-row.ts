import type { Video, VideoState } from '../domain/video.ts'

/** Selects a Video; `from … where` follows. The job's progress is part of what a person sees. */
export const SELECT_VIDEO = `
  select v.*, j.percent, j.eta_seconds, j.archive_key from videos v left join jobs j on j.video_id = v.id`

export interface VideoRow {
  id: string
  owner: string
  job_id: string
  title: string
  state: VideoState
  size: bigint | null
  key: string
  etag: string | null
  fingerprint: string | null
  upload_id: string | null
  part_size: bigint | null
  created_at: Date
  active_at: Date
  deleted_at: Date | null
  duration: number | null
  width: number | null
  height: number | null
  play_attempt: number | null
  poster_key: string | null
  mp4_key: string | null
  mp4_size: bigint | null
  problem_code: string | null
  problem_message: string | null
  percent: number | null
  eta_seconds: number | null
}

/** The one place where a row becomes a Video. */
export function toVideo(row: VideoRow): Video {
  return {
    id: row.id,
    owner: row.owner,
    jobId: row.job_id,
    title: row.title,
    state: row.state,
    size: row.size === null ? undefined : Number(row.size),
    key: row.key,
    etag: row.etag ?? undefined,
    fingerprint: row.fingerprint ?? undefined,
    parts: row.upload_id === null ? undefined : { uploadId: row.upload_id, partSize: Number(row.part_size) },
    createdAt: row.created_at,
    deletedAt: row.deleted_at ?? undefined,
    durationSeconds: row.duration ?? undefined,
    width: row.width ?? undefined,
    height: row.height ?? undefined,
    playAttempt: row.play_attempt ?? undefined,
    posterKey: row.poster_key ?? undefined,
    mp4: row.mp4_key === null ? undefined : { key: row.mp4_key, size: Number(row.mp4_size) },
    problem: row.problem_code === null ? undefined : { code: row.problem_code, message: row.problem_message ?? '' },
    percent: row.percent ?? 0,
    etaSeconds: row.eta_seconds ?? undefined,
  }
}

import type { Video } from '../domain/video.ts'

/** Selects Videos; `where …` follows. A column bears its field's name in SQL's spelling, `poster_key` for `posterKey`;
 *  what a Video calls otherwise or holds together gets its name here. The job's progress is part of what a person sees. */
export const SELECT_VIDEO = `
  select v.*, v.duration as duration_seconds, coalesce(j.percent, 0) as percent, j.eta_seconds, j.archive_key,
         case when v.upload_id is not null
              then json_build_object('uploadId', v.upload_id, 'partSize', v.part_size) end as parts,
         case when v.mp4_key is not null then json_build_object('key', v.mp4_key, 'size', v.mp4_size) end as mp4,
         case when v.problem_code is not null
              then json_build_object('code', v.problem_code, 'message', v.problem_message) end as problem
  from videos v left join jobs j on j.video_id = v.id`

/** What SELECT_VIDEO gives: column by column, with some that a Video does not need. */
export type VideoRow = Readonly<Record<string, unknown>>

/** The one place where a row becomes a Video. What is null in SQL is undefined here, and bytes are numbers. */
export function toVideo(row: VideoRow): Video {
  const fields = Object.entries(row).map(([column, value]) => [fieldOf(column), plain(value)])
  return Object.fromEntries(fields) as Video
}

const fieldOf = (column: string) => column.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())

function plain(value: unknown): unknown {
  if (value === null) return undefined
  return typeof value === 'bigint' ? Number(value) : value
}

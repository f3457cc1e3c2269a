import { bytes, group, int, oneOf, optional, real, rowOf, type Sql, text } from '@balcao/platform'
import type { Published, PublishedRendition } from '../application/ports/published.ts'
import { SOUND_ROLES } from '../domain/media/tracks.ts'
import type { PlaylistRendition } from '../domain/playlist.ts'

// What is measured over the segments counts; what was announced counts too while more may come.
const renditionRow = rowOf<PlaylistRendition>()({
  name: text('r.name'),
  kind: oneOf(['video', 'audio'], 'r.kind'),
  bandwidth: bytes('case when r.complete then s.peak else greatest(r.bandwidth, s.peak) end'),
  averageBandwidth: bytes('case when r.complete then s.mean else greatest(r.average_bandwidth, s.mean) end'),
  width: optional(int('r.width')),
  height: optional(int('r.height')),
  frameRate: optional(real('r.frame_rate')),
  codecs: text('r.codecs'),
  track: group({
    language: optional(text('r.language')),
    title: optional(text('r.title')),
    role: oneOf(SOUND_ROLES, "case when r.kind = 'audio' then r.role end"),
  }),
})

/** An attempt may be watched until it is swept away, where the video is not in the trash; but one that never became whole
 *  only while there is no better one. */
export const WATCHABLE = `v.id = $1 and a.number = $2 and v.deleted_at is null
  and (a.superseded_at is null or r.complete or v.play_attempt is null)`
export const FROM_ATTEMPTS = `videos v join attempts a on a.video_id = v.id
  join renditions r on r.video_id = v.id and r.attempt = a.number`

export class PgPublished implements Published {
  constructor(private readonly sql: Sql) {}

  async renditions(videoId: string, attempt: number, announced: boolean): Promise<PlaylistRendition[]> {
    const rows = await this.sql.query<Record<string, unknown>>(
      `select ${renditionRow.columns()}
       from ${FROM_ATTEMPTS}
       cross join lateral (
         -- A stub at the end is no measure of the peak (RFC 8216 §4.1: at least half a target duration).
         select ceil(max(size * 8 / duration) filter (where duration >= longest / 2))::bigint as peak,
                ceil(sum(size)::double precision * 8 / sum(duration))::bigint as mean
         from (
           select size, greatest(duration, 0.001) as duration, max(greatest(duration, 0.001)) over () as longest
           from (
             select size, duration from segments
             where video_id = r.video_id and attempt = r.attempt and rendition = r.name
               -- A preview's own may be a few bytes off those of the whole film, which count once they are packed.
               and not exists (select from packed_renditions p
                 where p.video_id = r.video_id and p.attempt = r.attempt and p.name = r.name)
             union all
             select s.size, s.duration from packed_renditions p, unnest(p.sizes, p.durations) as s (size, duration)
             where p.video_id = r.video_id and p.attempt = r.attempt and p.name = r.name
           ) every
         ) measured
       ) s
       where ${WATCHABLE} and (s.peak is not null or $3)
       order by r.name`,
      [videoId, attempt, announced],
    )
    return rows.map(renditionRow.read)
  }

  async rendition(videoId: string, attempt: number, name: string): Promise<PublishedRendition | undefined> {
    const row = await this.sql.first<{ init_key: string; complete: boolean }>(
      // Of what failed nothing more comes.
      `select r.init_key, r.complete or a.superseded_at is not null as complete from ${FROM_ATTEMPTS}
       where ${WATCHABLE} and r.name = $3 and r.init_key is not null`,
      [videoId, attempt, name],
    )
    if (!row) return undefined
    const segments = await this.sql.query<{ key: string; durationSeconds: number }>(
      `select key, duration as "durationSeconds" from segments
       where video_id = $1 and attempt = $2 and rendition = $3 order by number`,
      [videoId, attempt, name],
    )
    return { init: { key: row.init_key }, complete: row.complete, segments }
  }
}

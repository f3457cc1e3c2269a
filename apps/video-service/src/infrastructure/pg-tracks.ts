import { flag, optional, real, rowOf, type Sql, text } from '@balcao/platform'
import type { FilmId } from '../application/ports/films.ts'
import type { Subtitles, Tracks } from '../application/ports/tracks.ts'
import type { Chapter } from '../domain/media/chapters.ts'
import type { LeftOut } from '../domain/media/tracks.ts'

const chapterRow = rowOf<Chapter>()({ startSeconds: real(), title: optional(text()) })
const subtitlesRow = rowOf<Subtitles>()({
  name: text(),
  language: optional(text()),
  title: optional(text()),
  preferred: flag(),
  forced: flag(),
  hearingImpaired: flag(),
  durationSeconds: real('duration'),
  key: text(),
})

export class PgTracks implements Tracks {
  constructor(private readonly sql: Sql) {}

  async describe(videoId: string, chapters: readonly Chapter[]): Promise<void> {
    await this.sql.run('delete from chapters where video_id = $1', [videoId])
    await this.sql.run(
      `insert into chapters (video_id, number, start_seconds, title)
       select $1, n - 1, start_seconds, title
       from unnest($2::double precision[], $3::text[]) with ordinality as told (start_seconds, title, n)`,
      [videoId, chapters.map(({ startSeconds }) => startSeconds), chapters.map(({ title }) => title ?? null)],
    )
  }

  async addSubtitles({ videoId, number }: FilmId, subtitles: Subtitles): Promise<void> {
    await this.sql.run(
      `insert into subtitles (video_id, attempt, name, language, title, preferred, forced, hearing_impaired, duration, key)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict do nothing`,
      [
        videoId,
        number,
        subtitles.name,
        subtitles.language,
        subtitles.title,
        subtitles.preferred,
        subtitles.forced,
        subtitles.hearingImpaired,
        subtitles.durationSeconds,
        subtitles.key,
      ],
    )
  }

  async leaveOut(videoId: string, leftOut: readonly LeftOut[]): Promise<void> {
    await this.sql.run('update videos set left_out = $2 where id = $1', [videoId, JSON.stringify(leftOut)])
  }

  async chapters(videoId: string): Promise<Chapter[]> {
    const rows = await this.sql.query<Record<string, unknown>>(
      `select ${chapterRow.columns()} from chapters where video_id = $1 order by number`,
      [videoId],
    )
    return rows.map(chapterRow.read)
  }

  async subtitles(videoId: string, attempt: number): Promise<Subtitles[]> {
    const rows = await this.sql.query<Record<string, unknown>>(
      `select ${subtitlesRow.columns()} from subtitles where video_id = $1 and attempt = $2 order by length(name), name`,
      [videoId, attempt],
    )
    return rows.map(subtitlesRow.read)
  }
}

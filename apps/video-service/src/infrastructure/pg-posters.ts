import { flag, int, optional, real, rowOf, type Sql, text } from '@balcao/platform'
import type { PosterChoice, Posters } from '../application/ports/posters.ts'

export const POSTER_PENDING = 'v.poster_at is not null and v.poster_made is distinct from v.poster_choice'

const choiceRow = rowOf<PosterChoice>()({
  choice: int('v.poster_choice'),
  atSeconds: optional(real('v.poster_at')),
  shownKey: optional(text('v.chosen_poster_key')),
  pending: flag(POSTER_PENDING),
})
const waitingRow = rowOf<{ videoId: string; owner: string }>()({ videoId: text('w.id'), owner: text('w.owner') })

export class PgPosters implements Posters {
  constructor(private readonly sql: Sql) {}

  async choose(videoId: string, atSeconds: number | undefined, now: Date): Promise<void> {
    await this.sql.run(
      `update videos set poster_at = $2, poster_choice = poster_choice + 1, poster_woken_at = $3,
                         chosen_poster_key = case when $2::double precision is not null then chosen_poster_key end
       where id = $1`,
      [videoId, atSeconds, now],
    )
  }

  async choiceOf(videoId: string): Promise<PosterChoice | undefined> {
    const row = await this.sql.first<Record<string, unknown>>(
      `select ${choiceRow.columns()} from videos v where v.id = $1`,
      [videoId],
    )
    return row && choiceRow.read(row)
  }

  async made(videoId: string, choice: number, key: string): Promise<void> {
    await this.sql.run(
      `update videos set poster_made = $2, chosen_poster_key = $3
       where id = $1 and poster_choice = $2 and poster_at is not null`,
      [videoId, choice, key],
    )
  }

  async withdraw(videoId: string, choice: number): Promise<void> {
    await this.sql.run(
      `update videos set poster_at = null, chosen_poster_key = null, poster_choice = poster_choice + 1
       where id = $1 and poster_choice = $2`,
      [videoId, choice],
    )
  }

  async forgotten(now: Date, seconds: number): Promise<{ videoId: string; owner: string }[]> {
    const rows = await this.sql.query<Record<string, unknown>>(
      `update videos w set poster_woken_at = $1 where id in (
         select id from videos v where ${POSTER_PENDING} and v.deleted_at is null and v.poster_woken_at < $2
         order by v.poster_woken_at limit 500 for update skip locked)
       returning ${waitingRow.columns()}`,
      [now, new Date(now.getTime() - seconds * 1000)],
    )
    return rows.map(waitingRow.read)
  }
}

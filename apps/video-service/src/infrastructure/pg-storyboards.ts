import { int, real, rowOf, type Sql, text } from '@balcao/platform'
import type { FilmId } from '../application/ports/films.ts'
import type { StoredStoryboard, Storyboards } from '../application/ports/storyboards.ts'

const storyboardRow = rowOf<StoredStoryboard>()({
  key: text(),
  everySeconds: real(),
  pictures: int(),
  columns: int(),
  width: int(),
  height: int(),
})

export class PgStoryboards implements Storyboards {
  constructor(private readonly sql: Sql) {}

  async publish({ videoId, number }: FilmId, storyboard: StoredStoryboard): Promise<void> {
    const { key, everySeconds, pictures, columns, width, height } = storyboard
    await this.sql.run(
      `insert into storyboards (video_id, attempt, key, every_seconds, pictures, columns, width, height)
       values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [videoId, number, key, everySeconds, pictures, columns, width, height],
    )
  }

  async of({ videoId, number }: FilmId): Promise<StoredStoryboard | undefined> {
    const row = await this.sql.first<Record<string, unknown>>(
      `select ${storyboardRow.columns()} from storyboards where video_id = $1 and attempt = $2`,
      [videoId, number],
    )
    return row && storyboardRow.read(row)
  }
}

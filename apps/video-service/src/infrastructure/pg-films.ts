import { bytes, int, real, rowOf, type Sql, text } from '@balcao/platform'
import type {
  BegunRendition,
  FilmId,
  FilmInWork,
  Films,
  LeftAttempt,
  Outcome,
  Rendition,
  Segment,
} from '../application/ports/films.ts'

const leftRow = rowOf<LeftAttempt>()({
  videoId: text('a.video_id'),
  number: int('a.number'),
  owner: text('v.owner'),
  id: text('v.job_id'),
  film: int('coalesce(a.film, a.number)'),
})

const segmentRow = rowOf<Segment>()({
  rendition: text('s.rendition'),
  number: int('s.number'),
  beginSeconds: real('s.begins'),
  durationSeconds: real('s.duration'),
  key: text('s.key'),
  size: bytes('s.size'),
})
const initRow = rowOf<{ initKey: string }>()({ initKey: text('r.init_key') })

export class PgFilms implements Films {
  constructor(private readonly sql: Sql) {}

  /** The row of the attempt is there with its number (migration 0004). */
  async begin({ videoId, number }: FilmId, now: Date): Promise<void> {
    await this.sql.run(
      `update attempts set superseded_at = $3 where video_id = $1 and number < $2 and superseded_at is null
         and number is distinct from (select play_attempt from videos where id = $1)`,
      [videoId, number, now],
    )
  }

  async inWork({ videoId, number }: FilmId, recipe: string | undefined): Promise<FilmInWork> {
    const shown = await this.sql.first<{ number: number; poster_key: string | null }>(
      `select a.number, v.poster_key from videos v join attempts a on a.video_id = v.id and a.number = v.play_attempt
       where v.id = $1 and a.recipe = $2 and a.superseded_at is null
         and not exists (select from renditions r where r.video_id = v.id and r.attempt = a.number and r.complete)`,
      [videoId, recipe],
    )
    if (shown) {
      await this.sql.run('update attempts set film = $3 where video_id = $1 and number = $2', [
        videoId,
        number,
        shown.number,
      ])
      const posterKey = shown.poster_key ?? undefined
      return { videoId, number: shown.number, begun: await this.#begun(videoId, shown.number), posterKey }
    }
    await this.sql.run('update attempts set recipe = $3 where video_id = $1 and number = $2', [videoId, number, recipe])
    return { videoId, number, begun: new Map(), posterKey: undefined }
  }

  async leaveOff({ videoId, number }: FilmId): Promise<void> {
    await this.sql.run('update attempts set recipe = null where video_id = $1 and number = $2', [videoId, number])
  }

  async #begun(videoId: string, number: number): Promise<Map<string, BegunRendition>> {
    const rows = await this.sql.query<Record<string, unknown>>(
      `select ${segmentRow.columns()}, ${initRow.columns()}
       from segments s join renditions r on r.video_id = s.video_id and r.attempt = s.attempt and r.name = s.rendition
       where s.video_id = $1 and s.attempt = $2 order by s.rendition, s.number`,
      [videoId, number],
    )
    const begun = new Map<string, BegunRendition & { segments: Segment[] }>()
    for (const row of rows) {
      const segment = segmentRow.read(row)
      const rendition = begun.get(segment.rendition) ?? { ...initRow.read(row), segments: [] }
      rendition.segments.push(segment)
      begun.set(segment.rendition, rendition)
    }
    return begun
  }

  async hide(videoId: string, now: Date): Promise<void> {
    await this.sql.run('update videos set play_attempt = null where id = $1', [videoId])
    await this.#supersede(videoId, undefined, now)
  }

  async describe(videoId: string, media: Parameters<Films['describe']>[1]): Promise<void> {
    await this.sql.run('update videos set duration = $2, width = $3, height = $4 where id = $1', [
      videoId,
      media.durationSeconds,
      media.width,
      media.height,
    ])
  }

  async addRendition({ videoId, number }: FilmId, rendition: Rendition): Promise<void> {
    await this.sql.run(
      `insert into renditions (video_id, attempt, name, kind, bandwidth, average_bandwidth, width, height, frame_rate,
                               codecs, init_key, language, title, role)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
       on conflict (video_id, attempt, name) do update set codecs = excluded.codecs, init_key = excluded.init_key
       where renditions.init_key is null`,
      [
        videoId,
        number,
        rendition.name,
        rendition.kind,
        Math.ceil(rendition.bandwidth),
        Math.ceil(rendition.averageBandwidth),
        rendition.width,
        rendition.height,
        rendition.frameRate,
        rendition.codecs,
        rendition.initKey,
        rendition.track?.language,
        rendition.track?.title,
        rendition.track?.role ?? 'main',
      ],
    )
  }

  async addSegment(film: FilmId, segment: Segment): Promise<void> {
    const { rendition, number, beginSeconds, durationSeconds, key, size } = segment
    await this.sql.run(
      `insert into segments (video_id, attempt, rendition, number, begins, duration, key, size)
       values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing`,
      [film.videoId, film.number, rendition, number, beginSeconds, durationSeconds, key, size],
    )
  }

  async setPoster(videoId: string, posterKey: string): Promise<void> {
    await this.sql.run('update videos set poster_key = $2 where id = $1', [videoId, posterKey])
  }

  async show({ videoId, number }: FilmId, now: Date): Promise<void> {
    await this.sql.run('update videos set play_attempt = $2 where id = $1', [videoId, number])
    await this.#supersede(videoId, number, now)
  }

  async complete(film: FilmId, outcome: Outcome, now: Date): Promise<void> {
    const { videoId, number } = film
    await this.sql.run(
      `update videos set duration = $2, width = $3, height = $4, mp4_key = $5, mp4_size = $6, poster_key = $7,
                         play_attempt = $8
       where id = $1`,
      [
        videoId,
        outcome.durationSeconds,
        outcome.width,
        outcome.height,
        outcome.mp4.key,
        outcome.mp4.size,
        outcome.posterKey,
        number,
      ],
    )
    await this.sql.run('update renditions set complete = true where video_id = $1 and attempt = $2', [videoId, number])
    await this.#supersede(videoId, number, now)
  }

  async watch({ videoId, number }: FilmId, until: Date): Promise<void> {
    await this.sql.run(
      `update attempts set watched_until = $3
       where video_id = $1 and number = $2 and (watched_until is null or watched_until < $3)`,
      [videoId, number, until],
    )
  }

  async leftovers(supersededBefore: Date, now: Date, limit: number): Promise<LeftAttempt[]> {
    const rows = await this.sql.query<Record<string, unknown>>(
      `select ${leftRow.columns()} from attempts a join videos v on v.id = a.video_id
       where a.superseded_at < $1 and (a.watched_until is null or a.watched_until < $2 or v.deleted_at is not null)
       order by a.superseded_at limit $3`,
      [supersededBefore, now, limit],
    )
    return rows.map(leftRow.read)
  }

  async unnamed(videoId: string, keys: readonly string[]): Promise<string[]> {
    const rows = await this.sql.query<{ key: string }>(
      `select key from unnest($2::text[]) key except (
         select key from segments where video_id = $1
         union all select key from packed_renditions where video_id = $1
         union all select key from storyboards where video_id = $1
         union all select init_key from renditions where video_id = $1 and init_key is not null
         union all select key from subtitles where video_id = $1
         union all select unnest(array[poster_key, chosen_poster_key, mp4_key]) from videos where id = $1
       )`,
      [videoId, keys],
    )
    return rows.map(({ key }) => key)
  }

  async forget({ videoId, number }: LeftAttempt, prefix: string): Promise<void> {
    await this.sql.run('update videos set poster_key = null where id = $1 and starts_with(poster_key, $2)', [
      videoId,
      prefix,
    ])
    await this.sql.run('delete from storyboards where video_id = $1 and attempt = $2', [videoId, number])
    await this.sql.run('delete from renditions where video_id = $1 and attempt = $2', [videoId, number])
    await this.sql.run('delete from attempts where video_id = $1 and number = $2', [videoId, number])
  }

  /** All attempts but one, if any. */
  async #supersede(videoId: string, but: number | undefined, now: Date): Promise<void> {
    await this.sql.run(
      `update attempts set superseded_at = $3
       where video_id = $1 and number is distinct from $2 and superseded_at is null`,
      [videoId, but ?? null, now],
    )
  }
}

import type { Sql } from '@balcao/platform'
import type { FilmId, Films, Outcome, Rendition, Segment } from '../application/ports/films.ts'

export class PgFilms implements Films {
  constructor(private readonly sql: Sql) {}

  async hide(videoId: string): Promise<void> {
    await this.sql.run('update videos set play_attempt = null where id = $1', [videoId])
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
                               codecs, init_key)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict do nothing`,
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
      ],
    )
  }

  async addSegment(film: FilmId, { rendition, number, durationSeconds, key, size }: Segment): Promise<void> {
    await this.sql.run(
      `insert into segments (video_id, attempt, rendition, number, duration, key, size)
       values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing`,
      [film.videoId, film.number, rendition, number, durationSeconds, key, size],
    )
  }

  async setPoster(videoId: string, posterKey: string): Promise<void> {
    await this.sql.run('update videos set poster_key = $2 where id = $1', [videoId, posterKey])
  }

  async show({ videoId, number }: FilmId): Promise<void> {
    await this.sql.run('update videos set play_attempt = $2 where id = $1', [videoId, number])
  }

  async complete(film: FilmId, outcome: Outcome): Promise<void> {
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
    await this.sql.run('delete from renditions where video_id = $1 and attempt <> $2', [videoId, number])
  }
}

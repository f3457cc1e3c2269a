import { bytes, flag, int, real, rowOf, type Sql, text } from '@balcao/platform'
import type { FilmId } from '../application/ports/films.ts'
import type { LooseFilm, Packed, PackedRendition } from '../application/ports/packed.ts'
import type { PublishedRendition } from '../application/ports/published.ts'
import { FROM_ATTEMPTS, WATCHABLE } from './pg-published.ts'

const renditionRow = rowOf<{ key: string; initStart: number; initSize: number; complete: boolean }>()({
  key: text('p.key'),
  initStart: bytes('p.init_start'),
  initSize: bytes('p.init_size'),
  complete: flag('r.complete'),
})
const segmentRow = rowOf<{ start: number; size: number; durationSeconds: number }>()({
  start: bytes('s.start'),
  size: bytes('s.size'),
  durationSeconds: real('s.duration'),
})
const looseRow = rowOf<LooseFilm>()({
  videoId: text('a.video_id'),
  number: int('a.number'),
  owner: text('v.owner'),
  id: text('v.job_id'),
})

export class PgPacked implements Packed {
  constructor(private readonly sql: Sql) {}

  async publish({ videoId, number }: FilmId, renditions: readonly PackedRendition[], now: Date): Promise<void> {
    for (const { name, key, init, segments } of renditions) {
      await this.sql.run(
        `insert into packed_renditions (video_id, attempt, name, key, init_start, init_size, starts, sizes, durations)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
        [
          ...[videoId, number, name, key, init.start, init.size],
          segments.map(({ range }) => range.start),
          segments.map(({ range }) => range.size),
          segments.map(({ durationSeconds }) => durationSeconds),
        ],
      )
    }
    // Until now everybody was told of the loose segments.
    await this.sql.run(
      'update attempts set loose_until = greatest(watched_until, $3) where video_id = $1 and number = $2',
      [videoId, number, now],
    )
  }

  async rendition(videoId: string, attempt: number, name: string): Promise<PublishedRendition | undefined> {
    const from = `${FROM_ATTEMPTS} join packed_renditions p on p.video_id = v.id and p.attempt = r.attempt and p.name = r.name`
    const row = await this.sql.first<Record<string, unknown>>(
      `select ${renditionRow.columns()} from ${from} where ${WATCHABLE} and r.name = $3`,
      [videoId, attempt, name],
    )
    if (!row) return undefined
    const { key, initStart, initSize, complete } = renditionRow.read(row)
    const segments = await this.sql.query<Record<string, unknown>>(
      `select ${segmentRow.columns()}
       from packed_renditions p,
            unnest(p.starts, p.sizes, p.durations) with ordinality as s (start, size, duration, number)
       where p.video_id = $1 and p.attempt = $2 and p.name = $3 order by s.number`,
      [videoId, attempt, name],
    )
    return {
      init: { key, range: { start: initStart, size: initSize } },
      complete,
      segments: segments.map(segmentRow.read).map(({ start, size, durationSeconds }) => ({
        ...{ key, durationSeconds },
        range: { start, size },
      })),
    }
  }

  async watchLoose({ videoId, number }: FilmId, until: Date): Promise<void> {
    // Before a film is packed, `watched_until` tells.
    await this.sql.run(
      'update attempts set loose_until = $3 where video_id = $1 and number = $2 and loose_until < $3',
      [videoId, number, until],
    )
  }

  async loose(before: Date, limit: number): Promise<LooseFilm[]> {
    const rows = await this.sql.query<Record<string, unknown>>(
      `select ${looseRow.columns()} from attempts a join videos v on v.id = a.video_id
       where a.loose_until < $1 and a.superseded_at is null order by a.loose_until limit $2`,
      [before, limit],
    )
    return rows.map(looseRow.read)
  }

  async forgetLoose({ videoId, number }: FilmId): Promise<void> {
    await this.sql.transaction(async () => {
      await this.sql.run('delete from segments where video_id = $1 and attempt = $2', [videoId, number])
      await this.sql.run('update renditions set init_key = null where video_id = $1 and attempt = $2', [
        videoId,
        number,
      ])
    })
  }

  async swept({ videoId, number }: FilmId): Promise<void> {
    await this.sql.run('update attempts set loose_until = null where video_id = $1 and number = $2', [videoId, number])
  }
}

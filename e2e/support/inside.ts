import { readFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { ManualClock } from '@balcao/kernel'
import { objectStore } from '@balcao/object-store'
import type { Bucket, Config, Sql } from '@balcao/platform'
import { loadConfig, openPlatform } from '@balcao/platform/open'
import { until } from '@balcao/testing'
import { videoService } from '@balcao/video-service'
import { open, type VideoUseCases } from '../../apps/video-service/src/open.ts'
import { type FilmPlaces, filmLeaksOf } from '../../apps/video-service/test/model/leaks.ts'
import type { Balcao } from './balcao.ts'

/** Seconds: longer than anything is kept that is to be swept one day: films in the trash, playbacks, uploads. */
const LONG = 40 * 86_400
/** Milliseconds between two looks. */
const LOOK = 1000
const VIDEO_TABLES = ['videos', 'jobs', 'attempts', 'renditions', 'segments', 'packed_renditions', 'frames']
/** Folders that it withholds, the store forgets by itself. */
const STORE_TABLES = ['objects', 'uploads', 'parts']

/** A running installation seen from inside: its rows, its buckets, and its sweepers with a clock that is far ahead. */
export class Inside implements FilmPlaces {
  private constructor(
    readonly config: Config,
    readonly sql: Sql,
    readonly temp: Bucket,
    readonly media: Bucket,
    private readonly storeSql: Sql,
    private readonly video: VideoUseCases,
    readonly close: () => Promise<void>,
  ) {}

  static async of(balcao: Balcao): Promise<Inside> {
    const pid = await until(() => balcao.find('worker'))
    const environ = await readFile(`/proc/${pid}/environ`, 'utf8')
    const env = Object.fromEntries(environ.split('\0').map((line) => line.split(/=(.*)/s) as [string, string]))
    const config = loadConfig({ ...env, LOG_LEVEL: 'silent' }, env.SERVICES!.split(','))
    const clock = new ManualClock(new Date())
    clock.advance(LONG)
    const platform = await openPlatform(config, videoService, { clock })
    const store = await openPlatform(config, { ...objectStore, needs: ['sql'] })
    const { tempBucket, mediaBucket } = config.store
    const [temp, media] = [platform.objects.bucket(tempBucket), platform.objects.bucket(mediaBucket)]
    return new Inside(config, platform.sql, temp, media, store.sql, await open(platform), async () => {
      await platform.close()
      await store.close()
    })
  }

  /** Jobs that have not ended, in words. */
  async openJobs(): Promise<string[]> {
    const rows = await this.sql.query<Record<string, unknown>>(
      `select j.video_id, v.title, v.state as video, v.problem_code, j.state, j.lane, j.attempt, j.failures, j.percent,
              j.ready_at, j.lease_until
       from jobs j join videos v on v.id = j.video_id where j.state in ('waiting', 'running') and v.deleted_at is null`,
    )
    return rows.map((row) => JSON.stringify(row))
  }

  /** What is stored and not needed, or needed and not stored, as if nobody had watched, sent or restored anything for
   *  weeks. @param seconds for which what was finished may still be on its way */
  leaks(seconds: number): Promise<string[]> {
    return this.#lastOf(seconds, async () => {
      await this.#sweep()
      return filmLeaksOf(this)
    })
  }

  /** What an installation still holds of films when all of them lie in the trash, and weeks pass. */
  remains(seconds: number): Promise<string[]> {
    return this.#lastOf(seconds, async () => {
      await this.#sweep()
      return [
        ...(await counts(this.sql, VIDEO_TABLES)),
        ...(await counts(this.storeSql, STORE_TABLES)),
        ...(await filmLeaksOf(this)),
      ]
    })
  }

  async #sweep(): Promise<void> {
    const { sweepTrash, sweepUploads, sweepAttempts, sweepLooseSegments, sweepFrames, sweepStore } = this.video
    for (const sweeper of [sweepTrash, sweepUploads, sweepAttempts, sweepLooseSegments, sweepFrames, sweepStore])
      await sweeper.run()
  }

  /** Asks until nothing is found, or for so long. */
  async #lastOf(seconds: number, ask: () => Promise<string[]>): Promise<string[]> {
    const end = Date.now() + seconds * 1000
    for (;;) {
      const found = await ask()
      if (found.length === 0 || Date.now() > end) return found
      await delay(LOOK)
    }
  }
}

async function counts(sql: Sql, tables: readonly string[]): Promise<string[]> {
  const found: string[] = []
  for (const table of tables) {
    const row = await sql.first<{ n: bigint }>(`select count(*) as n from ${table}`)
    if (row!.n > 0n) found.push(`${row!.n} rows in ${table}`)
  }
  return found
}

import { readFile } from 'node:fs/promises'
import { objectStore } from '@balcao/object-store'
import type { Bucket, Config, Sql } from '@balcao/platform'
import { loadConfig, openPlatform } from '@balcao/platform/open'
import { until } from '@balcao/testing'
import { videoService } from '@balcao/video-service'
import { type FilmPlaces, filmLeaksOf } from '../../apps/video-service/test/model/leaks.ts'
import type { Balcao } from './balcao.ts'

/** Longer than whatever is swept has to lie: weeks in the trash, hours of a playback, days of an upload. */
const LONG_AGO = '100 days'

/** A running installation seen from inside: its rows and its buckets. */
export class Inside implements FilmPlaces {
  private constructor(
    readonly config: Config,
    readonly sql: Sql,
    readonly storeSql: Sql,
    readonly temp: Bucket,
    readonly media: Bucket,
    readonly close: () => Promise<void>,
  ) {}

  static async of(balcao: Balcao): Promise<Inside> {
    const pid = await until(() => balcao.find('worker'))
    const environ = await readFile(`/proc/${pid}/environ`, 'utf8')
    const env = Object.fromEntries(environ.split('\0').map((line) => line.split(/=(.*)/s) as [string, string]))
    const config = loadConfig({ ...env, LOG_LEVEL: 'silent' }, env.SERVICES!.split(','))
    const [video, store] = await Promise.all([
      openPlatform(config, { ...videoService, needs: ['sql', 'objects'] }),
      openPlatform(config, { ...objectStore, needs: ['sql'] }),
    ])
    const { tempBucket, mediaBucket } = config.store
    const buckets = [video.objects.bucket(tempBucket), video.objects.bucket(mediaBucket)] as const
    return new Inside(config, video.sql, store.sql, ...buckets, async () => {
      await video.close()
      await store.close()
    })
  }

  /** What is stored and not needed, or needed and not stored, once nobody watches any more and what is on its way has
   *  arrived. @param seconds for which it may be on its way */
  async leaks(seconds: number): Promise<string[]> {
    let leaks: string[] = []
    await until(async () => {
      await this.#nobodyWatches()
      await this.sweep()
      leaks = await filmLeaksOf(this)
      return leaks.length === 0
    }, seconds).catch(() => undefined)
    return leaks
  }

  /** Jobs that have not ended, in words. */
  async openJobs(): Promise<string[]> {
    const rows = await this.sql.query<Record<string, unknown>>(
      `select j.video_id, v.title, v.state as video, j.state, j.lane, j.attempt, j.failures, j.ready_at, j.lease_until,
              v.problem_code, j.percent
       from jobs j join videos v on v.id = j.video_id where j.state in ('waiting', 'running') and v.deleted_at is null`,
    )
    return rows.map((row) => JSON.stringify(row))
  }

  /** Lets every sweeper run now instead of when it is due. */
  async sweep(): Promise<void> {
    for (const sql of [this.sql, this.storeSql])
      await sql.run(`update schedules set next_run = now() where leased_until is null or leased_until < now()`)
  }

  /** As if what is in the trash had lain there for long. */
  async ageTrash(): Promise<void> {
    await this.sql.run(
      `update videos set deleted_at = deleted_at - interval '${LONG_AGO}' where deleted_at is not null`,
    )
  }

  /** As if nobody had watched, sent or swept anything for long. */
  async ageAll(): Promise<void> {
    const ago = `- interval '${LONG_AGO}'`
    await this.ageTrash()
    await this.#nobodyWatches()
    await this.sql.run(`update videos set created_at = created_at ${ago}, active_at = active_at ${ago}`)
    await this.storeSql.run(`update objects set modified_at = modified_at ${ago}`)
    await this.storeSql.run(`update parts set created_at = created_at ${ago}`)
    await this.storeSql.run(`update uploads set created_at = created_at ${ago}`)
  }

  async #nobodyWatches(): Promise<void> {
    for (const column of ['watched_until', 'loose_until'])
      await this.sql.run(
        `update attempts set ${column} = now() - interval '${LONG_AGO}' where ${column} > now() - interval '1 day'`,
      )
  }

  /** What an installation still holds of films when all of them were erased. */
  async remains(seconds: number): Promise<string[]> {
    let remains: string[] = []
    await until(async () => {
      await this.ageAll()
      await this.sweep()
      remains = [
        ...(await counts(this.sql, [
          'videos',
          'jobs',
          'attempts',
          'renditions',
          'segments',
          'packed_renditions',
          'frames',
        ])),
        ...(await counts(this.storeSql, ['objects', 'uploads', 'parts'])),
        ...(await filmLeaksOf(this)),
      ]
      return remains.length === 0
    }, seconds).catch(() => undefined)
    return remains
  }
}

async function counts(sql: Sql, tables: readonly string[]): Promise<string[]> {
  const all = await Promise.all(
    tables.map(async (table) => ({ table, row: await sql.first<{ n: bigint }>(`select count(*) as n from ${table}`) })),
  )
  return all.filter(({ row }) => row!.n > 0n).map(({ table, row }) => `${row!.n} rows in ${table}`)
}

import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Bucket, Config, Sql } from '@balcao/platform'

/** Where jobs work, and what stays there. */
const WORK = 'work'
const STAYS = 'bin'

export interface FilmPlaces {
  /** Of the video-service's schema. */
  readonly sql: Sql
  readonly temp: Bucket
  readonly media: Bucket
  readonly config: Pick<Config, 'dataDir'>
}

/** What is stored for films and no row needs, or what a row needs and is not stored. To be asked when no job runs, no
 *  upload is under way, and what was finished has been tidied. */
export async function filmLeaksOf(places: FilmPlaces): Promise<string[]> {
  const { sql, temp, media, config } = places
  const [inTemp, inMedia] = [await keysIn(temp), await keysIn(media)]
  const named = await namedKeys(sql)
  const uploads = new Set(
    (
      await sql.query<{ key: string }>(
        `select v.key from videos v left join jobs j on j.video_id = v.id
         where v.state <> 'uploading' and (j.state is distinct from 'done' or j.original is not null)`,
      )
    ).map(({ key }) => key),
  )
  const left = await attemptsThatEnd(sql)
  const ofLeft = (key: string) => left.some((prefix) => key.startsWith(prefix))
  return [
    ...[...inTemp].filter((key) => !uploads.has(key)).map((key) => `temp holds ${key} of nobody`),
    ...[...uploads].filter((key) => !inTemp.has(key)).map((key) => `temp lacks the upload ${key}`),
    ...[...inMedia].filter((key) => !named.has(key) && !ofLeft(key)).map((key) => `media holds ${key} of nobody`),
    ...[...named].filter(([key]) => !inMedia.has(key)).map(([key, column]) => `media lacks ${key} of ${column}`),
    ...(await attemptsOfNothing(sql, inMedia)),
    ...(await folders(join(config.dataDir, WORK))),
  ]
}

async function keysIn(bucket: Bucket): Promise<Set<string>> {
  const keys = new Set<string>()
  for await (const { key } of bucket.list('')) keys.add(key)
  return keys
}

/** Keys of the media bucket that rows name, each with its column. A column that names one is called `key` or `…_key`;
 *  where the table has a bucket's name beside it, the plain `key` is an upload's. */
async function namedKeys(sql: Sql): Promise<Map<string, string>> {
  const columns = await sql.query<{ table: string; column: string }>(
    `select c.table_name as table, c.column_name as column from information_schema.columns c
     where c.table_schema = current_schema() and c.column_name ~ '(^|_)key$' and c.table_name in (
       select table_name from information_schema.columns
       where table_schema = current_schema() and column_name in ('video_id', 'poster_key'))
     and not (c.column_name = 'key' and exists (
       select from information_schema.columns b
       where b.table_schema = current_schema() and b.table_name = c.table_name and b.column_name = 'bucket'))`,
  )
  const named = new Map<string, string>()
  for (const { table, column } of columns) {
    const rows = await sql.query<{ key: string }>(
      `select distinct ${column} as key from ${table} where ${column} is not null`,
    )
    for (const { key } of rows) named.set(key, `${table}.${column}`)
  }
  // What is packed holds its own beginning; the loose one goes with the loose segments.
  const packed = await sql.query<{ key: string }>(
    `select r.init_key as key from renditions r join attempts a on a.video_id = r.video_id and a.number = r.attempt
     join packed_renditions p on p.video_id = r.video_id and p.attempt = r.attempt and p.name = r.name
     where a.loose_until is null`,
  )
  for (const { key } of packed) named.delete(key)
  return named
}

/** Prefixes of attempts that are no film any more and stay only while somebody may watch them, and of films whose loose
 *  segments do, together with what killed attempts left there. */
async function attemptsThatEnd(sql: Sql): Promise<string[]> {
  const rows = await sql.query<{ prefix: string }>(
    `select 'output/' || v.owner || '/' || v.job_id || '/' || a.number || '/' as prefix
     from attempts a join videos v on v.id = a.video_id where a.superseded_at is not null or a.loose_until is not null`,
  )
  return rows.map(({ prefix }) => prefix)
}

/** Attempts that nothing will come of and nobody will remove: not superseded, no film, of a job that does not go on. */
async function attemptsOfNothing(sql: Sql, inMedia: ReadonlySet<string>): Promise<string[]> {
  const rows = await sql.query<{ prefix: string }>(
    `select 'output/' || v.owner || '/' || v.job_id || '/' || a.number || '/' as prefix
     from attempts a join videos v on v.id = a.video_id join jobs j on j.video_id = v.id
     where a.superseded_at is null and v.play_attempt is distinct from a.number and j.state in ('done', 'failed')`,
  )
  return rows.map(({ prefix }) => {
    const objects = [...inMedia].filter((key) => key.startsWith(prefix)).length
    return `attempt ${prefix} with ${objects} objects of no film`
  })
}

async function folders(workDir: string): Promise<string[]> {
  const names = await readdir(workDir).catch(() => [])
  return names.filter((name) => name !== STAYS).map((name) => `folder ${name} of a job that has ended`)
}

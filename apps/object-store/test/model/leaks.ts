import { type Dirent, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Platform } from '@balcao/platform'

const HOLDING_FILES = ['objects', 'uploads', 'parts']

/** Every file of a store. */
export function filesOf(dataDir: string): Dirent[] {
  const entries = readdirSync(join(dataDir, 'objects'), { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile())
}

/** What no row needs and is there, or a row needs and is not there. To be asked after a sweep of all that could be
 *  swept, when nobody writes. */
export async function leaksOf({ sql, config }: Pick<Platform, 'sql' | 'config'>): Promise<string[]> {
  const files = filesOf(config.dataDir)
  const needed = new Map<string, string>()
  for (const table of HOLDING_FILES) {
    const rows = await sql.query<{ id: string }>(`select file_id as id from ${table} where file_id is not null`)
    for (const { id } of rows) needed.set(id, table)
  }
  const leaks = [...needed.keys()].filter((id) => !files.some(({ name }) => name === id)).map((id) => `no file ${id}`)
  for (const { name, parentPath } of files) {
    const of = needed.get(name)
    if (!of) leaks.push(`file ${name} of nobody`)
    if (of !== 'objects') continue
    if (parentPath.endsWith('unfinished')) leaks.push(`file ${name} of an object not in its place`)
    if (statSync(join(parentPath, name)).mode & 0o222) leaks.push(`file ${name} of an object may be written`)
  }
  for (const table of ['discarded', 'writing'])
    if ((await sql.query(`select from ${table}`)).length > 0) leaks.push(`rows in ${table}`)
  return leaks
}

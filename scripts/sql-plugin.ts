import { readdir, readFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

const FOLDER = /\*\.sql$/

/** Imports the migrations of a folder, `import('../migrations/*.sql')`, as `{ '0001_name': 'create table …' }`: they are
 *  found, not listed. The same plugin for rolldown (the bundle) and vitest. */
export function sqlPlugin() {
  return {
    name: 'sql-migrations',
    resolveId(target: string, importer: string | undefined) {
      return importer && FOLDER.test(target) ? join(dirname(importer), target) : null
    },
    async load(id: string) {
      if (!FOLDER.test(id)) return null
      const names = (await readdir(dirname(id))).filter((name) => name.endsWith('.sql')).sort()
      const entries = names.map(async (name) => [
        basename(name, '.sql'),
        await readFile(join(dirname(id), name), 'utf8'),
      ])
      const migrations = Object.fromEntries(await Promise.all(entries))
      return { code: `export default ${JSON.stringify(migrations)}`, moduleType: 'js' as const }
    },
  }
}

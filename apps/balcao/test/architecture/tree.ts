import { globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'

/** Source files by path from the root, with their text. */
export type Files = Readonly<Record<string, string>>

export interface Import {
  /** Who imports, as a path from the root. */
  readonly file: string
  /** What: a path from the root for a relative one, else as it is written. */
  readonly target: string
}

/** A checkout as its guard sees it. */
export interface Tree {
  readonly files: Files
  readonly imports: readonly Import[]
  /** Folders of apps/: everything that runs. */
  readonly apps: ReadonlySet<string>
  /** What each workspace package lets others import: `@balcao/platform` → `@balcao/platform/open`, … */
  readonly entrances: ReadonlySet<string>
}

const root = join(import.meta.dirname, '../../../..')

/** Every source file of apps/ and libs/ but their tests. */
export function readFiles(): Files {
  const paths = globSync('{apps,libs}/*/src/**/*.ts', { cwd: root }).filter((path) => !path.endsWith('.test.ts'))
  return Object.fromEntries(paths.map((path) => [path, readFileSync(join(root, path), 'utf8')]))
}

/** @param files sources; the packages are those on disk, and what else has a folder in `apps/` among the files */
export function treeOf(files: Files): Tree {
  const manifests = globSync('{apps,libs}/*/package.json', { cwd: root }).map((path) =>
    JSON.parse(readFileSync(join(root, path), 'utf8')),
  ) as { name: string; exports?: Record<string, string> }[]
  return {
    files,
    imports: Object.entries(files).flatMap(([file, text]) => importsOf(file, text)),
    apps: new Set(Object.keys(files).flatMap((path) => /^apps\/([^/]+)\//.exec(path)?.[1] ?? [])),
    entrances: new Set(
      manifests.flatMap(({ name, exports = {} }) => Object.keys(exports).map((path) => name + path.slice(1))),
    ),
  }
}

function importsOf(file: string, text: string): Import[] {
  const targets = [...text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*'([^']+)'/g)].map(([, target]) => target!)
  return targets.map((target) => ({
    file,
    target: target.startsWith('.') ? normalize(join(dirname(file), target)) : target,
  }))
}

/** `domain`, `application`, `infrastructure` or `interfaces`, for a path in one of them. */
export const layerOf = (path: string): string | undefined => /^apps\/[^/]+\/src\/([a-z-]+)\//.exec(path)?.[1]

/** `apps/video-service`, for a path or a package name in it. */
export function workspaceOf(target: string, apps: ReadonlySet<string>): string | undefined {
  const name = /^@balcao\/([^/]+)/.exec(target)?.[1]
  if (name !== undefined) return `${apps.has(name) ? 'apps' : 'libs'}/${name}`
  return /^((?:apps|libs)\/[^/]+)\//.exec(target)?.[1]
}

import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')

export interface Requirement {
  /** `D3-27`, or `FX-1` for the statement of the video processor. */
  readonly id: string
  readonly text: string
}

/** A test whose title names requirements. */
export interface Shown {
  readonly ids: readonly string[]
  readonly file: string
  readonly title: string
}

/** @param markdown of docs/requirements.md @returns its requirements in their order */
export const requirementsIn = (markdown: string): Requirement[] =>
  [...markdown.matchAll(/^- ((?:D\d|FX)-\d+) (.+)$/gm)].map(([, id, text]) => ({ id: id!, text: text! }))

/** @param source of a test file @returns the titles in it that begin with ids: `it('D3-20, D3-22: …'` */
export const shownIn = (file: string, source: string): Shown[] =>
  [...source.matchAll(/\(\s*(['"`])((?:(?:D\d|FX)-\d+(?:, )?)+): (.+?)\1,/g)].map(([, , ids, title]) => ({
    ids: ids!.split(', '),
    file,
    title: title!,
  }))

/** Each requirement with the tests that show it, and what titles name that is no requirement. */
export function trace(requirements: readonly Requirement[], shown: readonly Shown[]) {
  const known = new Set(requirements.map(({ id }) => id))
  return {
    rows: requirements.map((each) => ({ ...each, tests: shown.filter(({ ids }) => ids.includes(each.id)) })),
    unknown: shown.flatMap(({ ids, file }) => ids.filter((id) => !known.has(id)).map((id) => `${id} in ${file}`)),
  }
}

/** The requirements and tests of this checkout. */
export function traceCheckout() {
  const files = globSync('{{apps,libs,web,e2e,scripts}/**/*.test.ts,libs/testing/src/*-contract.ts}', {
    cwd: root,
    exclude: ['**/node_modules/**', 'scripts/requirements.test.ts'],
  }).sort()
  const shown = files.flatMap((file) => shownIn(file, readFileSync(join(root, file), 'utf8')))
  return trace(requirementsIn(readFileSync(join(root, 'docs', 'requirements.md'), 'utf8')), shown)
}

if (import.meta.main) {
  const { rows, unknown } = traceCheckout()
  for (const { id, text, tests } of rows) {
    console.log(`${id} ${text}`)
    for (const { file, title } of tests) console.log(`      ${file}: ${title}`)
  }
  const left = rows.filter(({ tests }) => tests.length === 0)
  console.log(`\n${rows.length} requirements: ${rows.length - left.length} shown by tests, ${left.length} left.`)
  for (const each of unknown) console.error(`There is no requirement ${each}.`)
  if (unknown.length > 0) process.exit(1)
}

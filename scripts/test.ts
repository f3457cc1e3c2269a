import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { buildStale } from './build.ts'

const { values, positionals: wanted } = parseArgs({
  options: { full: { type: 'boolean', default: false } },
  allowPositionals: true,
})
const root = join(import.meta.dirname, '..')

interface Suite {
  readonly name: string
  readonly args: readonly string[]
}

/** What a machine with npm alone can prove: units and integration, and one journey in the browser that npm brings. */
const quick: Suite[] = [
  { name: 'units', args: [] },
  { name: 'journey', args: ['--config', 'e2e/vitest.config.ts', 'journey.test.ts'] },
]

/** What needs the servers and programs that .ci/run installs and starts; one that is missing is a failure: contracts
 *  over servers that are not ours; other journeys, kills and bad days. */
const full: Suite[] = [
  ...quick,
  { name: 'peers', args: ['--config', 'vitest.peers.config.ts'] },
  { name: 'bad-days', args: ['--config', 'e2e/vitest.config.ts', '--exclude', '**/journey.test.ts'] },
]

/** All of them, or those that are named: `npm run test:full -- peers bad-days`. */
const suites = (values.full ? full : quick).filter(({ name }) => wanted.length === 0 || wanted.includes(name))
if (suites.length === 0) {
  console.error(`There is no suite named ${wanted.join(' ')}; there are ${full.map(({ name }) => name).join(', ')}.`)
  process.exit(1)
}

await buildStale(false, console.log)
const reports = mkdtempSync(join(tmpdir(), 'balcao-reports-'))
let [passed, failed, broken] = [0, 0, 0]
for (const suite of suites) {
  console.log(`\n── ${suite.name}`)
  const report = join(reports, `${suite.name}.json`)
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
  const { status } = spawnSync(
    process.execPath,
    [vitest, 'run', ...suite.args, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
    { cwd: root, stdio: 'inherit' },
  )
  const result = read(report)
  passed += result.numPassedTests
  failed += result.numFailedTests
  // A file that could not be loaded fails without a failed test in it.
  if (status !== 0 && result.numFailedTests === 0) broken++
}
rmSync(reports, { recursive: true })
console.log(`\n${passed} passed, ${failed + broken} failed`)
process.exit(failed + broken > 0 || passed === 0 ? 1 : 0)

function read(file: string): { numPassedTests: number; numFailedTests: number } {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return { numPassedTests: 0, numFailedTests: 0 }
  }
}

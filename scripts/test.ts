import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { parseArgs } from 'node:util'
import { buildStale } from './build.ts'
import { ending, failuresOf, readReport } from './what-failed.ts'

const { values, positionals: wanted } = parseArgs({
  options: { full: { type: 'boolean', default: false } },
  allowPositionals: true,
})
const root = join(import.meta.dirname, '..')

interface Suite {
  readonly name: string
  readonly args: readonly string[]
}

const e2e = ['--config', 'e2e/vitest.config.ts']
const films = ['apps/video-service/src/infrastructure/ffmpeg', 'apps/video-service/test/']

/** What a machine with npm alone can prove: units and integration, and one journey in the browser that npm brings. */
const quick: Suite[] = [
  { name: 'units', args: [] },
  { name: 'journey', args: [...e2e, 'journey.test.ts'] },
]

/** What needs the servers and programs that .ci/run installs and starts; one that is missing is a failure: contracts
 *  over servers that are not ours; other journeys, kills and bad days. */
const full: Suite[] = [
  ...quick,
  { name: 'peers', args: ['--config', 'vitest.peers.config.ts'] },
  { name: 'bad-days', args: [...e2e, '--exclude', '**/journey.test.ts'] },
]

/** Parts of those above, for another ffmpeg or another user (docs/TESTING.md). */
const parts: Suite[] = [
  { name: 'films', args: films },
  { name: 'restarts', args: [...e2e, 'restart.test.ts', 'kill.test.ts', 'crash.test.ts', 'full-disk.test.ts'] },
]

let passed = 0
const failures: string[] = []
const files: { name: string; seconds: number }[] = []
// Said again at the end, and wherever that is: of a long log it is the end that is kept.
process.on('exit', (code) => {
  if (code !== 0 && failures.length === 0) failures.push(`The run itself ended with ${code}, see above`)
  console.log(ending(passed, failures))
  process.exitCode = failures.length > 0 ? 1 : 0
})

/** All of them, or those that are named: `npm run test:full -- peers bad-days`. */
const suites =
  wanted.length > 0 ? [...full, ...parts].filter(({ name }) => wanted.includes(name)) : values.full ? full : quick
if (suites.length < new Set(wanted).size) {
  const names = [...full, ...parts].map(({ name }) => name)
  console.error(
    `There is no suite named ${wanted.filter((name) => !names.includes(name)).join(' ')}; there are ${names.join(', ')}.`,
  )
  process.exit(1)
}

await buildStale(false, console.log)
const reports = mkdtempSync(join(tmpdir(), 'balcao-reports-'))
for (const suite of suites) {
  console.log(`\n── ${suite.name}`)
  const file = join(reports, `${suite.name}.json`)
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
  const { status, signal } = spawnSync(
    process.execPath,
    [vitest, 'run', ...suite.args, '--reporter=default', '--reporter=json', `--outputFile.json=${file}`],
    { cwd: root, stdio: 'inherit' },
  )
  const report = readReport(file)
  passed += report.numPassedTests
  failures.push(...failuresOf(suite.name, report, status ?? signal, root))
  for (const { name, startTime, endTime } of report.testResults)
    files.push({ name: `${suite.name}: ${relative(root, name)}`, seconds: (endTime - startTime) / 1000 })
}
rmSync(reports, { recursive: true })
console.log('\nThe ten slowest files:')
for (const { name, seconds } of files.sort((a, b) => b.seconds - a.seconds).slice(0, 10)) {
  console.log(`${seconds.toFixed(1).padStart(7)} s  ${name}`)
}

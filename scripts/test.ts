import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
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
  { name: 'restarts', args: [...e2e, 'restart.test.ts', 'kill.test.ts', 'crash.test.ts'] },
]

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
let passed = 0
const files: { name: string; seconds: number }[] = []
const failures: string[] = []
for (const suite of suites) {
  console.log(`\n── ${suite.name}`)
  const report = join(reports, `${suite.name}.json`)
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
  const { status, signal } = spawnSync(
    process.execPath,
    [vitest, 'run', ...suite.args, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
    { cwd: root, stdio: 'inherit' },
  )
  const result = read(report)
  passed += result.numPassedTests
  const before = failures.length
  for (const { name, startTime, endTime, status: outcome, message, assertionResults } of result.testResults) {
    const file = `${suite.name}: ${relative(root, name)}`
    files.push({ name: file, seconds: (endTime - startTime) / 1000 })
    const red = assertionResults.filter((test) => test.status === 'failed')
    for (const test of red) failures.push(`${file} > ${test.fullName}\n${beginning(test.failureMessages.join('\n'))}`)
    // One that could not be loaded has no failed test in it.
    if (outcome === 'failed' && red.length === 0) failures.push(`${file}\n${beginning(message)}`)
  }
  if (status !== 0 && failures.length === before)
    failures.push(`${suite.name} ended with ${status ?? signal} and no failed test`)
}
rmSync(reports, { recursive: true })
console.log('\nThe ten slowest files:')
for (const { name, seconds } of files.sort((a, b) => b.seconds - a.seconds).slice(0, 10)) {
  console.log(`${seconds.toFixed(1).padStart(7)} s  ${name}`)
}
// Said again at the end: of a long log it is the end that is kept.
if (failures.length > 0) console.log(`\nWhat failed:\n${failures.join('\n')}`)
console.log(`\n${passed} passed, ${failures.length} failed`)
process.exit(failures.length > 0 || passed === 0 ? 1 : 0)

interface Report {
  readonly numPassedTests: number
  readonly testResults: readonly {
    readonly name: string
    readonly startTime: number
    readonly endTime: number
    readonly status: string
    readonly message: string
    readonly assertionResults: readonly {
      readonly fullName: string
      readonly status: string
      readonly failureMessages: readonly string[]
    }[]
  }[]
}

/** What says the reason, of a message that goes on with a stack. No blank lines: `.ci/run` reads up to the first. */
function beginning(message: string): string {
  const lines = message.split('\n').filter((line) => line.trim() !== '' && !line.includes('/node_modules/'))
  return lines.slice(0, 12).join('\n')
}

function read(file: string): Report {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return { numPassedTests: 0, testResults: [] }
  }
}

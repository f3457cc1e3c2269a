import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ending, failuresOf, type Report } from './what-failed.ts'

const root = join(import.meta.dirname, '..')
const test = (fullName: string, ...failureMessages: string[]) => ({
  fullName,
  status: failureMessages.length > 0 ? 'failed' : 'passed',
  failureMessages,
})
const file = (name: string, status: string, assertionResults: ReturnType<typeof test>[], message = '') => ({
  ...{ name: join(root, name), startTime: 0, endTime: 0, status, message, assertionResults },
})
const report = (numPassedTests: number, ...testResults: Report['testResults']): Report => ({
  numPassedTests,
  testResults,
})

describe('what failed of a suite', () => {
  it('is each test with the beginning of why, and each file that could not be loaded', () => {
    const red = report(
      1,
      file('a.test.ts', 'failed', [test('is well'), test('is not', 'expected 1 to be 2\n\n    at a.test.ts:3')]),
      file('b.test.ts', 'failed', [], 'Cannot find b.ts'),
    )
    expect(failuresOf('units', red, 1, root)).toEqual([
      'units: a.test.ts > is not\nexpected 1 to be 2\n    at a.test.ts:3',
      'units: b.test.ts\nCannot find b.ts',
    ])
  })

  it('is the suite where it ended badly with no failed test, or has run none', () => {
    const green = report(1, file('a.test.ts', 'passed', [test('is well')]))
    expect(failuresOf('units', green, 0, root)).toEqual([])
    expect(failuresOf('units', green, 'SIGKILL', root)).toEqual(['units ended with SIGKILL and no failed test'])
    expect(failuresOf('units', report(0), 0, root)).toEqual(['units has run no test'])
  })
})

// It is written for Debian: the bash of others may be older.
describe.skipIf(process.platform !== 'linux')('the end of .ci/run', () => {
  const [beginning] = readFileSync(join(root, '.ci/run'), 'utf8').split('\n# SeaweedFS')
  const red = `${ending(3, ['units: a.test.ts > is not\nexpected 1 to be 2'])}\n`
  const green = `${ending(2, [])}\n`

  /** Runs its functions with other suites. @returns what it ends with: the list, the sum and its code */
  function run(sections: string) {
    const options = { cwd: root, encoding: 'utf8', env: { ...process.env, RED: red, GREEN: green } } as const
    const { stdout, status } = spawnSync('bash', ['-c', `${beginning}\n${sections}`, '.ci/run'], options)
    const at = stdout.lastIndexOf('\nWhat failed:\n')
    return { status, end: (at < 0 ? stdout.slice(stdout.lastIndexOf('\n\n')) : stdout.slice(at)).trim().split('\n') }
  }

  it('says the sum of all suites', () => {
    const ended = run(`say one; suite one printf %s "$GREEN"; suite two printf %s "$GREEN"; say done`)
    expect(ended).toEqual({ status: 0, end: ['4 passed, 0 failed'] })
  })

  it('lists what failed in them and beside them', () => {
    const ended = run(`
      suite one bash -c 'printf %s "$RED"; exit 1'
      suite two printf %s "$GREEN"
      beside+=('types or lint, see above')
      say done`)
    const list = ['types or lint, see above', '-- one.log', 'units: a.test.ts > is not', 'expected 1 to be 2']
    expect(ended).toEqual({ status: 1, end: ['What failed:', ...list, '', '5 passed, 2 failed'] })
  })

  it('says so wherever it ends: in the middle of a section, or by a signal', () => {
    const ended = run(`suite one printf %s "$GREEN"; say packages; false; say done`)
    const list = ['What failed:', 'packages: this script ended there, see above', '']
    expect(ended).toEqual({ status: 1, end: [...list, '2 passed, 1 failed'] })
    expect(run('say packages; kill $$; sleep 60').end).toEqual([...list, '0 passed, 1 failed'])
  })

  it.each([
    ['ended badly with no failed test', `bash -c 'printf %s "$GREEN"; exit 1'`],
    ['ended well and told no sum', 'true'],
    ['told of a failure and ended well', 'printf %s "$RED"'],
  ])('counts a suite that %s', (_, command) => {
    const { status, end } = run(`suite one ${command}; say done`)
    expect([status, end[1]]).toEqual([1, 'one ended without the sum that it should have, see above'])
  })
})

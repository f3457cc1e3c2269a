import { readFileSync } from 'node:fs'
import { relative } from 'node:path'

/** What is read here of vitest's report in JSON. */
export interface Report {
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

/** @returns one in which nothing ran, where there is none */
export function readReport(file: string): Report {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return { numPassedTests: 0, testResults: [] }
  }
}

/** What failed of a suite: for each test where it stands and the beginning of why.
 *  @param end vitest's exit code or the signal that ended it  @param root where the names of files begin */
export function failuresOf(suite: string, report: Report, end: number | string | null, root: string): string[] {
  const failures = report.testResults.flatMap(({ name, status, message, assertionResults }) => {
    const file = `${suite}: ${relative(root, name)}`
    const red = assertionResults.filter((test) => test.status === 'failed')
    // One that could not be loaded has no failed test in it.
    if (status === 'failed' && red.length === 0) return [`${file}\n${beginning(message)}`]
    return red.map((test) => `${file} > ${test.fullName}\n${beginning(test.failureMessages.join('\n'))}`)
  })
  if (failures.length > 0) return failures
  if (end !== 0) return [`${suite} ended with ${end} and no failed test`]
  return report.numPassedTests === 0 ? [`${suite} has run no test`] : []
}

/** How a run ends. `.ci/run` reads it out of a log: the list up to the first blank line, and the sum. */
export function ending(passed: number, failures: readonly string[]): string {
  const list = failures.length > 0 ? `\nWhat failed:\n${failures.join('\n')}\n` : ''
  return `${list}\n${passed} passed, ${failures.length} failed`
}

/** What says the reason, of a message that goes on with a stack. */
function beginning(message: string): string {
  const lines = message.split('\n').filter((line) => line.trim() !== '' && !line.includes('/node_modules/'))
  return lines.slice(0, 12).join('\n')
}

import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, it } from 'vitest'

it.each([
  ['20.20.2', 1, /Node 24.*npm ci/],
  ['24.0.0', 0, /^$/],
])('tells whoever starts with Node %s what to do', (version, code, said) => {
  const pretend = `data:text/javascript,Object.defineProperty(process, 'versions', { value: { node: '${version}' } })`
  const args = ['--import', pretend, '--import', join(import.meta.dirname, 'assert-node.js'), '--eval', '0']
  let [status, output] = [0, '']
  try {
    execFileSync(process.execPath, args, { stdio: 'pipe' })
  } catch (error) {
    ;({ status, stderr: output } = error as { status: number; stderr: string })
  }
  expect([status, String(output)]).toEqual([code, expect.stringMatching(said)])
})

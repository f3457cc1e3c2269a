import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { problemText, problemTexts } from './problems.ts'

const apps = join(import.meta.dirname, '..', '..', '..', 'apps')

/** What only a program that calls the API by itself can be told. */
const ofPrograms =
  /^(auth\/refresh_token_expected|upload\/(incomplete|not_in_parts|part_number|part_order|part_too_small))$/

/** The codes that a service writes out: `'video/in_trash'`, and `rejection('not_media', …)` for `video/not_media`. */
function codesOf(service: string): string[] {
  const sources = globSync(`${service}/src/**/*.ts`, { cwd: apps }).filter((path) => !path.endsWith('.test.ts'))
  const text = sources.map((path) => readFileSync(join(apps, path), 'utf8')).join('\n')
  const whole = [...text.matchAll(/'((?:auth|cpf|video|upload|download)\/[a-z_]+)'/g)].map((match) => match[1]!)
  const short = [...text.matchAll(/\b(?:rejection|problem)\('([a-z_]+)'/g)].map((match) => `video/${match[1]}`)
  return [...new Set([...whole, ...short])].filter((code) => !ofPrograms.test(code))
}

it.each(['auth-service', 'video-service'])('every problem of the %s has a sentence', (service) => {
  const codes = codesOf(service)
  expect(codes.length).toBeGreaterThan(10)
  expect(codes.filter((code) => !(code in problemTexts['pt-BR']))).toEqual([])
})

it("a code that is unknown is told in the server's words where they are the person's language", () => {
  expect(problemText('pt-BR', 'video/new', 'Algo novo.')).toBe('Algo novo.')
  expect(problemText('en', 'video/new', 'Algo novo.')).toBe(problemTexts.en['server/failed'])
  expect(problemText('pt-BR', 'request/media_type', 'Unsupported Media Type')).toBe(
    problemTexts['pt-BR']['request/refused'],
  )
})

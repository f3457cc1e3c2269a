import { expect, it } from 'vitest'
import { problemText, problemTexts } from './problems.ts'

it("a code that is unknown is told in the server's words where they are the person's language", () => {
  expect(problemText('pt-BR', 'video/new', 'Algo novo.')).toBe('Algo novo.')
  expect(problemText('en', 'video/new', 'Algo novo.')).toBe(problemTexts.en['server/failed'])
})

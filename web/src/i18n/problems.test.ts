import { authProblems, sharedProblems, videoProblems, videoStories } from '@balcao/contracts'
import { describe, expect, it } from 'vitest'
import { problemText, problemTexts } from './problems.ts'
import { type Language, languages } from './translate.ts'

it("a code that is unknown is told in the server's words where they are the person's language", () => {
  expect(problemText('pt-BR', 'video/new', 'Algo novo.')).toBe('Algo novo.')
  expect(problemText('en', 'video/new', 'Algo novo.')).toBe(problemTexts.en['server/failed'])
})

describe('a server without room', () => {
  const told = (language: Language, code: string, missing?: number) => problemText(language, code, '', missing)

  it('says how much is missing, as it is said there', () => {
    expect(told('pt-BR', 'upload/no_room', 3_200_000_000)).toContain('faltam 3,2 GB')
    expect(told('en', 'upload/no_room', 3_200_000_000)).toContain('it is 3.2 GB short')
    expect(told('pt-BR', 'video/disk_full', 1)).toContain('pelo menos 100 MB')
    expect(told('en', 'video/disk_full', 1)).toContain('at least 100 MB')
  })

  it('says no number that nobody knows', () => {
    for (const language of Object.keys(languages) as Language[])
      for (const code of ['upload/no_room', 'video/disk_full']) expect(told(language, code)).not.toMatch(/[{\d]/)
  })
})

describe('every refusal', () => {
  const codes = [...sharedProblems, ...authProblems, ...videoProblems, ...videoStories]

  it.each(codes)('%s is told by a sentence in each language, and not by the server', (code) => {
    const [pt, en] = (Object.keys(languages) as Language[]).map((language) => problemText(language, code, '-'))
    for (const sentence of [pt, en]) expect(sentence).toMatch(/^\p{Lu}.{8,}[.!?]$/u)
    expect(pt).not.toBe(en)
  })

  it('of a file says what it is, and not that something failed', () => {
    for (const language of Object.keys(languages) as Language[])
      for (const code of ['video/not_media', 'video/unsupported_container', 'video/truncated_no_index', 'upload/empty'])
        expect(problemText(language, code)).not.toBe(problemTexts[language]['server/failed'])
  })
})

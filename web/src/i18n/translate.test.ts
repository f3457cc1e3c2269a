import { describe, expect, it } from 'vitest'
import { en, ptBr } from './dictionaries.ts'
import { problemTexts } from './problems.ts'
import { words } from './translate.ts'

const holes = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort()

describe('the dictionaries', () => {
  it('hold the same keys, none empty, each with the same holes', () => {
    expect(Object.keys(en).sort()).toEqual(Object.keys(ptBr).sort())
    for (const [key, text] of Object.entries(ptBr)) {
      expect(text.trim(), key).not.toBe('')
      expect(holes(en[key as keyof typeof ptBr]), key).toEqual(holes(text))
    }
  })

  it('say every problem in both languages', () => {
    expect(Object.keys(problemTexts.en).sort()).toEqual(Object.keys(problemTexts['pt-BR']).sort())
  })

  it('count as the language does', () => {
    const [pt, english] = [words('pt-BR'), words('en')]
    expect(pt.n('library.count', 1)).toBe('1 vídeo')
    expect(pt.n('library.count', 1234)).toBe('1.234 vídeos')
    expect(english.n('library.count', 0)).toBe('0 videos')
  })

  it('leave a hole that nothing fills as it is', () => {
    expect(words('en').t('video.watch')).toBe('Watch {title}')
  })
})

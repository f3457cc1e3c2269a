import { describe, expect, it } from 'vitest'
import { chaptersOf } from './chapters.ts'
import { languageOf } from './language.ts'
import { subtitlesOf } from './subtitles.ts'
import { trackTitle } from './track-title.ts'

describe('the language of a track', () => {
  it.each([
    ['por', 'pt'],
    ['POR', 'pt'],
    ['ger', 'de'],
    ['pt_BR', 'pt-BR'],
    ['zh-Hant', 'zh-Hant'],
    ['und', undefined],
    ['mul', undefined],
    ['qaa', undefined],
    ['"><b>', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('%s is %s', (tag, language) => {
    expect(languageOf(tag)).toBe(language)
  })
})

describe('a title', () => {
  it.each([
    [' Comentário\nda  diretora ', 'Comentário da diretora'],
    ['\u202egnp.exe\u0000', 'gnp.exe'],
    [' \n ', undefined],
    ['é'.repeat(300), 'é'.repeat(200)],
    ['😀'.repeat(300), '😀'.repeat(200)],
  ])('%j is one line', (text, title) => {
    expect(trackTitle(text)).toBe(title)
  })
})

describe('chapters', () => {
  const told = (...starts: number[]) => starts.map((start) => ({ start, title: `em ${start}` }))

  it('come in order, each at its own moment, none before the film or after it', () => {
    const starts = chaptersOf(told(30, -1, 0, 10, 10, Number.NaN, 61), 60).map(({ startSeconds }) => startSeconds)
    expect(starts).toEqual([0, 10, 30])
  })

  it('are no more than 500', () => {
    expect(chaptersOf(told(...Array(600).keys()), undefined)).toHaveLength(500)
  })
})

describe('a track of text', () => {
  const webvtt = (text: string) => Buffer.from(`WEBVTT\n\n00:01.000 --> 00:02.000\n${text}\n`)
  it.each([
    ['of which nothing was written', undefined, 'unreadable'],
    ['that says nothing', Buffer.from('WEBVTT\n'), 'unreadable'],
    ['of 8 MiB', Buffer.alloc(8 * 1024 ** 2, 'a'), 'too_much'],
    ['of a drone', webvtt('GPS (-23.5505, -46.6333)'), 'readings'],
    ['that somebody wrote', webvtt('Olá'), [{ begin: 1, end: 2, text: 'Olá' }]],
  ])('%s', (_, text, expected) => {
    expect(subtitlesOf(text)).toEqual(expected)
  })
})

import { describe, expect, it } from 'vitest'
import { words } from '../i18n/translate.ts'
import { trackName } from './track-name.ts'
import { firstText, noTracks, type Track } from './tracks.ts'

const track = (changes: Partial<Track>): Track => ({
  id: 0,
  language: undefined,
  name: '1',
  role: undefined,
  ...changes,
})

describe('a track is called', () => {
  it.each<[Partial<Track>, string, string]>([
    [{ language: 'en', name: 'English' }, 'Inglês', 'English'],
    [{ language: 'en', name: 'English 2' }, 'Inglês · 2', 'English · 2'],
    [
      { language: 'pt', name: 'português 2', role: 'description' },
      'Português · audiodescrição',
      'Portuguese · audio description',
    ],
    [
      { language: 'en', name: 'The director', role: 'commentary' },
      'Inglês · comentários · The director',
      'English · commentary · The director',
    ],
    [{ name: '2' }, 'Faixa 2', 'Track 2'],
    [{ name: '2', role: 'commentary' }, 'Faixa 2 · comentários', 'Track 2 · commentary'],
    [{ name: 'Ao vivo' }, 'Ao vivo', 'Ao vivo'],
    [{ language: '!', name: 'Ao vivo' }, 'Ao vivo', 'Ao vivo'],
  ])('%j', (changes, pt, en) => {
    expect(trackName(track(changes), words('pt-BR'))).toBe(pt)
    expect(trackName(track(changes), words('en'))).toBe(en)
  })
})

it('the text that is shown first is in the language of who watches, where there is one', () => {
  const texts = [track({ language: 'en' }), track({ id: 1, language: 'pt' })]
  expect(firstText({ ...noTracks, texts }, 'pt-BR')?.id).toBe(1)
  expect(firstText({ ...noTracks, texts }, 'de')?.id).toBe(0)
  expect(firstText(noTracks, 'de')).toBeUndefined()
})

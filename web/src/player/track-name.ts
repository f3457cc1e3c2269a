import type { Words } from '../i18n/translate.ts'
import type { Track } from './tracks.ts'

/** What a track is called in the person's language: `Inglês · comentários · A diretora fala`. */
export function trackName({ language, name, role }: Track, words: Pick<Words, 'language' | 't'>): string {
  const own = language && nameOf(language, language)
  const said = language && nameOf(language, words.language)
  // The server tells tracks apart that have no title by a number.
  const bare = own && name.startsWith(own) ? name.slice(own.length) : name
  const number = /^ ?(\d*)$/.exec(bare)?.[1]
  const first = said ?? (number === undefined ? undefined : words.t('watch.track', { number }))
  const last = number === undefined ? name : said && number !== '' && !role ? number : undefined
  return [
    first && first.charAt(0).toLocaleUpperCase(words.language) + first.slice(1),
    role && words.t(`watch.${role}`),
    last,
  ]
    .filter(Boolean)
    .join(' · ')
}

function nameOf(language: string, inLanguage: string): string | undefined {
  try {
    return new Intl.DisplayNames([inLanguage], { type: 'language' }).of(language)
  } catch {
    return undefined
  }
}

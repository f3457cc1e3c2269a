import { en, type Key, ptBr } from './dictionaries.ts'
import { type Formats, formats } from './format.ts'

export const languages = { 'pt-BR': 'Português', en: 'English' } as const
export type Language = keyof typeof languages

type Params = Record<string, string | number>
/** Keys that come in `_one` and `_other`, without the ending. */
export type CountKey = Key extends infer K ? (K extends `${infer Base}_one` ? Base : never) : never

const dictionaries: Record<Language, Record<Key, string>> = { 'pt-BR': ptBr, en }

export interface Words {
  readonly language: Language
  readonly t: (key: Key, params?: Params) => string
  /** The form of a sentence that fits `count`, which fills `{count}`. */
  readonly n: (key: CountKey, count: number) => string
  readonly format: Formats
}

export const fill = (text: string, params: Params): string =>
  text.replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole))

/** The dictionary and the formats of one language. */
export function words(language: Language): Words {
  const dictionary = dictionaries[language]
  const plural = new Intl.PluralRules(language)
  const t = (key: Key, params: Params = {}) => fill(dictionary[key], params)
  const format = formats(language, {
    bytes: [t('bytes.b'), t('bytes.kb'), t('bytes.mb'), t('bytes.gb'), t('bytes.tb')],
    left: (time) => t('upload.timeLeft', { time }),
  })
  const n = (key: CountKey, count: number) => {
    const form = plural.select(count) === 'one' ? 'one' : 'other'
    return t(`${key}_${form}` as Key, { count: format.number(count) })
  }
  return { language, t, n, format }
}

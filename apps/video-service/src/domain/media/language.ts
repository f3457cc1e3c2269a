/** Codes that name no language: undetermined, several, none, not coded (ISO 639-2). */
const NO_LANGUAGE = ['und', 'mul', 'zxx', 'mis', 'root']
/** ISO 639-2 leaves these to whoever writes them. */
const LOCAL = /^q[a-t][a-z](-|$)/

/** The language that a file tells of a track, as BCP 47 spells it: `por` and `POR` are `pt`, `ger` is `de`. undefined
 *  where it tells none. */
export function languageOf(tag: string | undefined): string | undefined {
  const code = (tag ?? '').trim().replaceAll('_', '-')
  try {
    const [language] = code.length <= 35 ? Intl.getCanonicalLocales(code) : []
    return language && !NO_LANGUAGE.includes(language) && !LOCAL.test(language) ? language : undefined
  } catch {
    return undefined
  }
}

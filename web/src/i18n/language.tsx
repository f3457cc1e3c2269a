import { createContext, type ReactNode, use, useMemo, useState } from 'react'
import { type Language, languages, type Words, words } from './translate.ts'

const KEY = 'balcao.idioma'
const Context = createContext<(Words & { choose: (language: Language) => void }) | null>(null)

function remembered(): Language {
  try {
    const kept = localStorage.getItem(KEY)
    if (kept && kept in languages) return kept as Language
  } catch {
    // Storage closed to us: Portuguese.
  }
  return 'pt-BR'
}

export function LanguageProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState(remembered)
  const value = useMemo(
    () => ({
      ...words(language),
      choose: (next: Language) => {
        try {
          localStorage.setItem(KEY, next)
        } catch {
          // It lasts until the reload, then.
        }
        document.documentElement.lang = next
        setLanguage(next)
      },
    }),
    [language],
  )
  return <Context value={value}>{children}</Context>
}

/** The words of the chosen language: `const { t, n, format } = useWords()`. */
export function useWords() {
  const value = use(Context)
  if (!value) throw new Error('useWords needs a LanguageProvider above it')
  return value
}

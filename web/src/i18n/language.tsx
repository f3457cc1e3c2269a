import { createContext, type ReactNode, use, useMemo, useState } from 'react'
import { storage } from '../storage.ts'
import { type Language, languages, type Words, words } from './translate.ts'

const KEY = 'balcao.idioma'
const Context = createContext<(Words & { choose: (language: Language) => void }) | null>(null)

function remembered(): Language {
  const kept = storage.getItem(KEY)
  return kept && kept in languages ? (kept as Language) : 'pt-BR'
}

export function LanguageProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState(remembered)
  const value = useMemo(
    () => ({
      ...words(language),
      choose: (next: Language) => {
        storage.setItem(KEY, next)
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

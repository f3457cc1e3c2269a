import { useEffect, useState } from 'react'
import { ProblemError } from '../api/call.ts'
import { useWords } from '../i18n/language.tsx'
import { problemText, refusedField } from '../i18n/problems.ts'

/** Runs one answer of a form at a time, and sorts what came back: beside its field, or above the form. */
export function useAnswer<Field extends string>(fields: readonly Field[], places: Partial<Record<string, Field>> = {}) {
  const { language } = useWords()
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<ProblemError>()
  const [missing, setMissing] = useState<{ field: Field; text: string }>()

  const refused = failure && (places[failure.code] ?? fields.find((field) => field === refusedField(failure)))
  const text = failure && problemText(language, failure.code, failure.message)

  // Whoever hears the page, or sees a part of it, is taken to what has to be mended.
  useEffect(() => {
    if (failure || missing) document.querySelector<HTMLElement>('form [aria-invalid=true]')?.focus()
  }, [failure, missing])

  return {
    busy,
    failure,
    errorOf: (field: Field) => (missing?.field === field ? missing.text : refused === field ? text : undefined),
    trouble: failure && !refused ? text : undefined,
    /** Says that a field is not right yet. */
    need: (field: Field, sentence: string) => setMissing({ field, text: sentence }),
    clear: () => {
      setFailure(undefined)
      setMissing(undefined)
    },
    run: async (work: () => Promise<void>) => {
      if (busy) return
      setBusy(true)
      setFailure(undefined)
      setMissing(undefined)
      try {
        await work()
      } catch (error) {
        setFailure(error instanceof ProblemError ? error : new ProblemError('server/failed', 500))
      } finally {
        setBusy(false)
      }
    },
  }
}

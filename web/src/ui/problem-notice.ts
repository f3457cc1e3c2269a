import { notifications } from '@mantine/notifications'
import { ProblemError } from '../api/call.ts'
import { problemText } from '../i18n/problems.ts'
import type { Language } from '../i18n/translate.ts'

/** What went wrong, in a sentence for the person. */
export function errorText(language: Language, error: Error): string {
  const { code, message } = error instanceof ProblemError ? error : { code: 'server/failed', message: '' }
  return problemText(language, code, message)
}

/** Says beside the page what went wrong. */
export function problemNotice(language: Language, error: Error): void {
  notifications.show({ color: 'red', message: errorText(language, error) })
}

import { Button } from '@mantine/core'
import { IconAlertTriangle, IconCloudOff } from '@tabler/icons-react'
import { ProblemError } from '../api/call.ts'
import { useWords } from '../i18n/language.tsx'
import { problemText } from '../i18n/problems.ts'
import { Message } from './message.tsx'

/** Something could not be fetched: what happened, and a way to try again. */
export function Trouble({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const { t, language } = useWords()
  const problem = error instanceof ProblemError ? error : undefined
  const offline = problem?.status === 0
  const lead = offline
    ? t('error.offlineLead')
    : problem && problem.status < 500
      ? problemText(language, problem.code, problem.message)
      : t('error.lead')
  return (
    <div role="alert">
      <Message
        icon={offline ? <IconCloudOff /> : <IconAlertTriangle />}
        title={offline ? t('error.offlineTitle') : t('error.title')}
        lead={lead}
      >
        <Button variant="default" mt="sm" onClick={onRetry}>
          {t('do.retry')}
        </Button>
      </Message>
    </div>
  )
}

import { Badge, Button, CopyButton, Skeleton, Text, Title } from '@mantine/core'
import { IconCheck, IconCopy, IconMailOpened } from '@tabler/icons-react'
import { NotFound } from '../app/not-found.tsx'
import { useWords } from '../i18n/language.tsx'
import { Message } from '../ui/message.tsx'
import { usePageTitle } from '../ui/page-title.ts'
import { Trouble } from '../ui/trouble.tsx'
import styles from './mailbox.module.css'
import { useMailbox } from './use-mailbox.ts'

/** Development only: what people would receive, newest first, fetched anew every few seconds. */
export function MailboxPage() {
  const { t, format } = useWords()
  const mailbox = useMailbox({ live: true })
  usePageTitle(t('mailbox.title'))
  if (mailbox.data === null) return <NotFound />
  if (mailbox.isError && !mailbox.data) {
    return <Trouble error={mailbox.error} onRetry={() => void mailbox.refetch()} />
  }
  return (
    <div className={styles.page}>
      <div>
        <Title order={1}>{t('mailbox.title')}</Title>
        <Text c="dimmed">{t('mailbox.lead')}</Text>
      </div>
      {!mailbox.data && <Skeleton height="8rem" />}
      {mailbox.data?.length === 0 && (
        <Message icon={<IconMailOpened />} title={t('mailbox.empty')} lead={t('mailbox.emptyLead')} />
      )}
      {mailbox.data?.map((message) => (
        <article key={message.id} className={styles.message} aria-label={message.subject}>
          <div className={styles.head}>
            <Title order={2} size="h3">
              {message.subject}
            </Title>
            <time dateTime={message.sentAt}>{format.dateTime(message.sentAt)}</time>
          </div>
          <Badge variant="light" color="gray" tt="none" size="lg">
            {t('mailbox.to', { to: message.to })}
          </Badge>
          <p className={styles.text}>{message.text}</p>
          <Code text={message.text} />
        </article>
      ))}
    </div>
  )
}

function Code({ text }: { text: string }) {
  const { t } = useWords()
  const code = /\b\d{6}\b/.exec(text)?.[0]
  if (!code) return null
  return (
    <CopyButton value={code}>
      {({ copied, copy }) => (
        <Button
          variant="light"
          className={styles.copy}
          onClick={copy}
          leftSection={copied ? <IconCheck size="1.1rem" aria-hidden /> : <IconCopy size="1.1rem" aria-hidden />}
        >
          {copied ? t('do.copied') : t('mailbox.copyCode', { code })}
        </Button>
      )}
    </CopyButton>
  )
}

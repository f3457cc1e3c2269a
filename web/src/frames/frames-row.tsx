import type { Frames } from '@balcao/contracts'
import { Button, CopyButton, Progress, Text } from '@mantine/core'
import { IconCopy, IconDownload, IconRefresh, IconTrash, IconX } from '@tabler/icons-react'
import { useWords } from '../i18n/language.tsx'
import { problemText } from '../i18n/problems.ts'
import styles from './frames.module.css'
import type { useFramesActions } from './use-frames.ts'

type Actions = Omit<ReturnType<typeof useFramesActions>, 'request'>

/** One request for images: what was asked for, how far it is, and what can be done with it. */
export function FramesRow({ frames, actions }: { frames: Frames; actions: Actions }) {
  const { t, n, format, language } = useWords()
  const what =
    frames.everySeconds === null
      ? n('frames.images', frames.count!)
      : t('frames.interval', { seconds: format.factor(frames.everySeconds) })
  const open = frames.state === 'waiting' || frames.state === 'running'
  const facts = [
    t(`frames.${frames.state}`),
    frames.state === 'running' && format.percent(frames.percent),
    frames.state === 'running' && frames.etaSeconds !== null && format.left(frames.etaSeconds),
    frames.images !== null && n('frames.images', frames.images),
    frames.size !== null && format.bytes(frames.size),
    frames.expiresAt !== null && t('frames.until', { date: format.dateTime(frames.expiresAt) }),
  ].filter((fact) => fact !== false)
  return (
    <li className={styles.row}>
      <div className={styles.about}>
        <Text fw={600}>{what}</Text>
        <Text size="sm" c="dimmed" className="numbers" role={open ? 'status' : undefined}>
          {facts.join(' · ')}
        </Text>
        {frames.problem && (
          <Text size="sm" className={styles.problem}>
            {problemText(language, frames.problem.code, frames.problem.message, frames.problem.missing)}
          </Text>
        )}
        {frames.state === 'running' && <Progress value={frames.percent} aria-label={t('frames.progress', { what })} />}
      </div>
      <div className={styles.actions}>
        {open && (
          <Button
            variant="default"
            leftSection={<IconX size="1.1rem" aria-hidden />}
            onClick={() => actions.cancel(frames)}
          >
            {t('frames.cancel')}
          </Button>
        )}
        {frames.state === 'done' && (
          <>
            <Button leftSection={<IconDownload size="1.1rem" aria-hidden />} onClick={() => actions.download(frames)}>
              {t('frames.download')}
            </Button>
            <CopyButton value={frames.sha256 ?? ''}>
              {({ copied, copy }) => (
                <Button variant="subtle" leftSection={<IconCopy size="1.1rem" aria-hidden />} onClick={copy}>
                  {copied ? t('do.copied') : t('frames.checksum')}
                </Button>
              )}
            </CopyButton>
          </>
        )}
        {(frames.state === 'failed' || frames.state === 'cancelled') && (
          <Button
            variant="default"
            leftSection={<IconRefresh size="1.1rem" aria-hidden />}
            onClick={() => actions.again(frames)}
          >
            {t('frames.again')}
          </Button>
        )}
        {!open && (
          <Button
            variant="subtle"
            className={styles.remove}
            leftSection={<IconTrash size="1.1rem" aria-hidden />}
            onClick={() => actions.remove(frames)}
          >
            {t('frames.remove')}
          </Button>
        )}
      </div>
    </li>
  )
}

import { ActionIcon, Button, Progress, Text, UnstyledButton } from '@mantine/core'
import { IconChevronDown, IconChevronUp } from '@tabler/icons-react'
import { useLocation } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useWords } from '../i18n/language.tsx'
import styles from './upload-panel.module.css'
import { UploadRow } from './upload-row.tsx'
import { isBusy } from './upload-states.ts'
import type { UploadView } from './upload-view.ts'
import { uploads, useUploads } from './uploads.ts'

const needsPerson = ({ state }: UploadView) => state === 'needs_file' || state === 'duplicate' || state === 'failed'

/** Stays in the corner while the person walks from page to page. */
export function UploadPanel() {
  const { t, n, format } = useWords()
  const views = useUploads()
  // Open it would lie on the player.
  const watching = useLocation({ select: ({ pathname }) => pathname.startsWith('/assistir/') })
  const [open, setOpen] = useState(!watching)
  useEffect(() => setOpen(!watching), [watching])
  if (views.length === 0) return null

  const running = views.filter(({ state }) => isBusy(state) || state === 'paused')
  const waiting = views.filter(needsPerson)
  const done = views.filter(({ state }) => state === 'done')
  const total = running.reduce((sum, { size }) => sum + size, 0)
  const sent = running.reduce((sum, view) => sum + view.sent, 0)
  const percent = total === 0 ? 0 : (sent / total) * 100
  const title =
    running.length > 0
      ? n('upload.active', running.length)
      : waiting.length > 0
        ? n('upload.attention', waiting.length)
        : n('upload.finished', done.length)

  return (
    <section className={styles.panel} aria-label={t('upload.panel')}>
      <UnstyledButton className={styles.head} onClick={() => setOpen(!open)} aria-expanded={open}>
        <Text fw={650} component="span" aria-live="polite">
          {title}
        </Text>
        {running.length > 0 && (
          <Text component="span" className="numbers" c="dimmed">
            {format.percent(percent)}
          </Text>
        )}
        <ActionIcon component="span" aria-hidden>
          {open ? <IconChevronDown size="1.2rem" /> : <IconChevronUp size="1.2rem" />}
        </ActionIcon>
      </UnstyledButton>
      {!open && running.length > 0 && <Progress value={percent} size="xs" radius={0} aria-hidden />}
      {open && (
        <>
          <ul className={styles.list}>
            {views.map((view) => (
              <UploadRow key={view.id} view={view} />
            ))}
          </ul>
          {done.length > 0 && (
            <div className={styles.foot}>
              <Button variant="subtle" fullWidth onClick={() => uploads.clearDone()}>
                {t('upload.clear')}
              </Button>
            </div>
          )}
        </>
      )}
    </section>
  )
}

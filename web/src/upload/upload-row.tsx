import { ActionIcon, Button, FileButton, Group, Progress, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import {
  IconAlertTriangle,
  IconCircleCheck,
  IconMovie,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlayerStop,
  IconRefresh,
  IconX,
} from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useWords } from '../i18n/language.tsx'
import { problemText } from '../i18n/problems.ts'
import { keptFiles } from './kept-files.ts'
import styles from './upload-panel.module.css'
import type { UploadView } from './upload-view.ts'
import { uploads } from './uploads.ts'

export function UploadRow({ view }: { view: UploadView }) {
  const { t } = useWords()
  const { fileName: name, state } = view
  const percent = view.size === 0 ? 0 : (view.sent / view.size) * 100
  const shown = ['uploading', 'waiting', 'pausing', 'paused', 'needs_file'].includes(state)
  const Icon = state === 'done' ? IconCircleCheck : state === 'failed' ? IconAlertTriangle : IconMovie
  return (
    <li className={styles.row} aria-label={name} data-state={state}>
      <div className={styles.line}>
        <Icon size="1.4rem" aria-hidden className={styles.icon} />
        <div className={styles.words}>
          <Text fw={550} truncate title={name}>
            {state === 'done' && view.videoId ? (
              <Link to="/assistir/$id" params={{ id: view.videoId }} aria-label={t('upload.watch', { name })}>
                {name}
              </Link>
            ) : (
              name
            )}
          </Text>
          <Text size="sm" className={`${styles.what} numbers`}>
            <Says view={view} percent={percent} />
          </Text>
        </div>
        <Controls view={view} />
      </div>
      {shown && (
        <Progress
          value={percent}
          size="sm"
          color={state === 'uploading' ? undefined : 'gray'}
          aria-label={t('upload.progress', { name })}
        />
      )}
      {(state === 'needs_file' || state === 'duplicate') && (
        <Group gap="xs" justify="flex-end">
          <Ask view={view} />
        </Group>
      )}
      {state === 'completing' && <Progress value={100} animated size="sm" aria-label={t('upload.completing')} />}
    </li>
  )
}

/** What is happening, in one line. */
function Says({ view, percent }: { view: UploadView; percent: number }) {
  const { t, format, language } = useWords()
  switch (view.state) {
    case 'uploading':
      return [
        format.percent(percent),
        t('upload.of', { sent: format.bytes(view.sent), size: format.bytes(view.size) }),
        view.speed === undefined ? undefined : format.speed(view.speed),
        view.secondsLeft === undefined ? undefined : format.left(view.secondsLeft),
      ]
        .filter(Boolean)
        .join(' · ')
    case 'pausing':
    case 'paused':
      return `${t(`upload.${view.state}`)} · ${format.percent(percent)}`
    case 'waiting':
      return navigator.onLine ? t('upload.waiting') : t('upload.offline')
    case 'needs_file':
      return view.problem
        ? problemText(language, view.problem.code, view.problem.detail, view.problem.missing)
        : `${format.percent(percent)} · ${t('upload.needsFile')}`
    case 'duplicate':
      return t('upload.duplicate')
    case 'failed':
      return problemText(language, view.problem!.code, view.problem!.detail, view.problem!.missing)
    case 'done':
      return t('upload.done')
    default:
      return t(`upload.${view.state}`)
  }
}

const pause = { says: 'upload.pause', icon: IconPlayerPause, act: (id: string) => uploads.pause(id) } as const
const resume = { says: 'upload.resume', icon: IconPlayerPlay, act: (id: string) => uploads.resume(id) } as const
const retry = { ...resume, says: 'upload.retry', icon: IconRefresh } as const

const toggles = { uploading: pause, waiting: pause, pausing: resume, paused: resume, failed: retry }

function Controls({ view }: { view: UploadView }) {
  const { t } = useWords()
  const { id, state, fileName: name } = view
  const over = state === 'done' || state === 'duplicate'
  // One button that changes keeps the focus of whoever pressed it.
  const toggle = state in toggles ? toggles[state as keyof typeof toggles] : undefined
  return (
    <div className={styles.controls}>
      {state === 'pausing' && (
        <ActionIcon aria-label={t('upload.stop', { name })} onClick={() => uploads.pause(id)}>
          <IconPlayerStop size="1.2rem" />
        </ActionIcon>
      )}
      {toggle && (
        <ActionIcon aria-label={t(toggle.says, { name })} onClick={() => toggle.act(id)}>
          <toggle.icon size="1.2rem" />
        </ActionIcon>
      )}
      {state !== 'completing' && (
        <ActionIcon
          aria-label={t(over ? 'upload.remove' : 'upload.cancel', { name })}
          // What the server still keeps it sweeps after seven days; the row is gone either way.
          onClick={() => void uploads.remove(id).catch(() => undefined)}
        >
          <IconX size="1.2rem" />
        </ActionIcon>
      )}
    </div>
  )
}

function Ask({ view }: { view: UploadView }) {
  const { t } = useWords()
  const { id, fileName: name, videoId } = view
  const give = async (file: File | null | undefined) => {
    if (file && !(await uploads.provide(id, file))) {
      notifications.show({ color: 'red', message: t('upload.wrongFile', { name }) })
    }
  }
  if (view.state === 'duplicate') {
    return (
      <>
        <Button variant="subtle" onClick={() => void uploads.remove(id)}>
          {t('upload.discard')}
        </Button>
        <Button variant="light" onClick={() => uploads.resume(id)}>
          {t('upload.anyway')}
        </Button>
      </>
    )
  }
  return (
    <>
      <FileButton onChange={(file) => void give(file)} inputProps={{ 'aria-label': t('upload.choose', { name }) }}>
        {(props) => (
          <Button variant={view.kept ? 'subtle' : 'light'} {...props}>
            {t('upload.chooseShort')}
          </Button>
        )}
      </FileButton>
      {view.kept && videoId && (
        <Button variant="light" onClick={() => void keptFiles.take(videoId).then(give)}>
          {t('upload.goOn')}
        </Button>
      )}
    </>
  )
}

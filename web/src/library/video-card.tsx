import type { Video } from '@balcao/contracts'
import { ActionIcon, Menu, Progress, Text, VisuallyHidden } from '@mantine/core'
import {
  IconAlertTriangle,
  IconDotsVertical,
  IconDownload,
  IconMovie,
  IconRefresh,
  IconRestore,
  IconTrash,
  IconUpload,
} from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useWords } from '../i18n/language.tsx'
import { problemText } from '../i18n/problems.ts'
import { usePick } from '../upload/pick-files.tsx'
import styles from './library.module.css'
import { useVideoActions } from './use-videos.ts'

interface Props {
  readonly video: Video
  readonly onDelete: () => void
  readonly onRestore: () => void
}

/** One video of the library: what it looks like, how long it is, how far it is. */
export function VideoCard({ video, onDelete, onRestore }: Props) {
  const { t, format } = useWords()
  const { title } = video
  const picture = <Picture video={video} />
  return (
    <article className={styles.card} aria-label={title}>
      {video.deletedAt ? (
        <div className={styles.picture}>{picture}</div>
      ) : (
        <Link
          to="/assistir/$id"
          params={{ id: video.id }}
          className={styles.picture}
          data-card={video.id}
          // A key that is held down deletes one, not one after the other.
          onKeyDown={(event) => event.key === 'Delete' && !event.repeat && onDelete()}
        >
          <VisuallyHidden>{t('video.watch', { title })}</VisuallyHidden>
          {picture}
        </Link>
      )}
      <div className={styles.info}>
        <div className={styles.words}>
          <Text fw={600} lineClamp={2} className={styles.title} title={title}>
            {title}
          </Text>
          <Text size="sm" c="dimmed">
            <time dateTime={video.createdAt} title={format.dateTime(video.createdAt)}>
              {format.ago(video.createdAt)}
            </time>
            {video.size !== null && ` · ${format.bytes(video.size)}`}
          </Text>
          <Trouble video={video} />
        </div>
        <Actions video={video} onDelete={onDelete} onRestore={onRestore} />
      </div>
    </article>
  )
}

function Picture({ video }: { video: Video }) {
  const { t, format } = useWords()
  const { state } = video
  const moving = state === 'processing' || state === 'queued'
  return (
    <>
      {video.posterUrl ? (
        <img
          src={video.posterUrl}
          alt={t('video.poster', { title: video.title })}
          crossOrigin="anonymous"
          loading="lazy"
          decoding="async"
          className={styles.image}
        />
      ) : (
        <IconMovie className={styles.blank} aria-hidden />
      )}
      {state !== 'ready' && (
        <span className={styles.badge} data-state={state}>
          {t(`video.${state}`)}
          {state === 'processing' && <span className="numbers"> · {format.percent(video.percent)}</span>}
          {state === 'processing' && video.etaSeconds !== null && (
            <span className="numbers"> · {format.left(video.etaSeconds)}</span>
          )}
        </span>
      )}
      {video.durationSeconds !== null && <span className={styles.length}>{format.clock(video.durationSeconds)}</span>}
      {moving && (
        <Progress
          className={styles.progress}
          value={video.percent}
          color="mata.4"
          radius={0}
          size="sm"
          aria-label={t('video.progress', { title: video.title })}
        />
      )}
    </>
  )
}

function Trouble({ video }: { video: Video }) {
  const { language } = useWords()
  if (!video.problem) return null
  const { code, message, missing } = video.problem
  return (
    <Text size="sm" className={video.state === 'failed' ? styles.failed : styles.warned}>
      <IconAlertTriangle size="1rem" aria-hidden /> {problemText(language, code, message, missing)}
    </Text>
  )
}

function Actions({ video, onDelete, onRestore }: Props) {
  const { t } = useWords()
  const { retry, download } = useVideoActions()
  const pick = usePick()
  if (video.deletedAt) {
    return (
      <ActionIcon data-card={video.id} aria-label={`${t('video.restore')} ${video.title}`} onClick={onRestore}>
        <IconRestore size="1.3rem" />
      </ActionIcon>
    )
  }
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon aria-label={t('video.actions', { title: video.title })}>
          <IconDotsVertical size="1.2rem" />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {video.retryable && (
          <Menu.Item leftSection={<IconRefresh size="1.1rem" />} onClick={() => retry(video)}>
            {t('video.retry')}
          </Menu.Item>
        )}
        {video.state === 'failed' && !video.retryable && (
          <Menu.Item leftSection={<IconUpload size="1.1rem" />} onClick={pick}>
            {t('video.uploadOther')}
          </Menu.Item>
        )}
        <Menu.Item
          leftSection={<IconDownload size="1.1rem" />}
          disabled={!video.downloadable}
          onClick={() => download(video)}
        >
          {t('video.download')}
        </Menu.Item>
        <Menu.Item leftSection={<IconTrash size="1.1rem" />} className={styles.danger} onClick={onDelete}>
          {t('video.delete')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

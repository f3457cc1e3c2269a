import { type Video, videoRoutes } from '@balcao/contracts'
import { Button, Progress, Skeleton, Text, Title } from '@mantine/core'
import {
  IconAlertTriangle,
  IconArrowLeft,
  IconClock,
  IconDownload,
  IconRefresh,
  IconTrash,
  IconUpload,
} from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { ProblemError } from '../api/call.ts'
import { NotFound } from '../app/not-found.tsx'
import { FramesPanel } from '../frames/frames-panel.tsx'
import { useWords } from '../i18n/language.tsx'
import { problemText } from '../i18n/problems.ts'
import { useVideo, useVideoActions } from '../library/use-videos.ts'
import { session } from '../session/session.ts'
import { Message } from '../ui/message.tsx'
import { usePageTitle } from '../ui/page-title.ts'
import { Trouble } from '../ui/trouble.tsx'
import { usePick } from '../upload/pick-files.tsx'
import { Details } from './details.tsx'
import { Original } from './original.tsx'
import type { PlayerProps } from './player.tsx'
import { Poster } from './poster.tsx'
import styles from './watch.module.css'

const Player = lazy(() => import('./player.tsx'))

export function WatchPage() {
  const { t } = useWords()
  const { id } = useParams({ from: '/dentro/assistir/$id' })
  const video = useVideo(id)
  // Never the film's name: a tab's title is seen by whoever looks over a shoulder.
  usePageTitle(t('watch.title'))

  if (video.isError && !video.data) {
    if (video.error instanceof ProblemError && [400, 404].includes(video.error.status)) return <NotFound />
    return <Trouble error={video.error} onRetry={() => void video.refetch()} />
  }
  return (
    <article className={styles.page}>
      <Link to="/biblioteca" className={styles.back}>
        <IconArrowLeft size="1.1rem" aria-hidden /> {t('watch.back')}
      </Link>
      {!video.data && <Skeleton className={styles.stage} />}
      {video.data && (video.data.deletedAt ? <InTrash video={video.data} /> : <Film video={video.data} />)}
    </article>
  )
}

/** Somebody kept the address of a film that was deleted since. */
function InTrash({ video }: { video: Video }) {
  const { t, language } = useWords()
  const { restore } = useVideoActions()
  return (
    <Message order={1} icon={<IconTrash />} title={video.title} lead={problemText(language, 'video/in_trash')}>
      <Button variant="default" mt="sm" onClick={() => restore(video)}>
        {t('video.restore')}
      </Button>
    </Message>
  )
}

function Film({ video }: { video: Video }) {
  const { t, format } = useWords()
  const navigate = useNavigate()
  const { remove, download } = useVideoActions()
  const [film, setFilm] = useState<HTMLVideoElement | null>(null)
  return (
    <>
      {video.playable ? <Stage video={video} onFilm={setFilm} /> : <NotYet video={video} />}
      <div className={styles.head}>
        <Title order={1} className={styles.title}>
          {video.title}
        </Title>
        <div className={styles.actions}>
          <Button
            variant="default"
            leftSection={<IconDownload size="1.2rem" aria-hidden />}
            disabled={!video.downloadable}
            onClick={() => download(video)}
          >
            {t('video.download')}
          </Button>
          <Button
            variant="default"
            className={styles.delete}
            leftSection={<IconTrash size="1.2rem" aria-hidden />}
            onClick={() => {
              remove(video)
              void navigate({ to: '/biblioteca' })
            }}
          >
            {t('video.delete')}
          </Button>
        </div>
      </div>
      {video.playable && video.state === 'queued' && (
        <div className={styles.growing} role="status">
          <Text>{t('watch.preview')}</Text>
        </div>
      )}
      {video.playable && video.state === 'processing' && (
        <div className={styles.growing} role="status">
          <Text>{t('watch.growing', { percent: format.percent(video.percent) })}</Text>
          <Progress value={video.percent} aria-label={t('video.progress', { title: video.title })} />
        </div>
      )}
      {video.state === 'ready' && video.width !== null && (
        <>
          <Poster video={video} film={film} />
          <FramesPanel video={video} />
        </>
      )}
      <Original video={video} />
      <Details video={video} />
    </>
  )
}

/** Asks where to play, and asks again when the player says that the address does not work any longer. */
function Stage({ video, onFilm }: { video: Video; onFilm: PlayerProps['onFilm'] }) {
  const { t } = useWords()
  const [failures, setFailures] = useState(0)
  const playback = useQuery({
    queryKey: ['playback', video.id],
    queryFn: () => session.call(videoRoutes.playback, { params: { id: video.id } }),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  })
  // Another address would begin the film anew: only what a whole film has beside it is taken.
  const grown = playback.data?.live === true && video.state === 'ready'
  const whole = useQuery({
    queryKey: ['playback', video.id, 'whole'],
    queryFn: () => session.call(videoRoutes.playback, { params: { id: video.id } }),
    enabled: grown,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  })
  const again = () => {
    setFailures((count) => count + 1)
    void playback.refetch()
  }
  if (playback.isError) return <Trouble error={playback.error} onRetry={() => void playback.refetch()} />
  if (failures > 2) {
    return (
      <div className={styles.stage}>
        <Message icon={<IconAlertTriangle />} title={t('watch.failed')}>
          <Button variant="default" onClick={() => void playback.refetch().then(() => setFailures(0))}>
            {t('do.retry')}
          </Button>
        </Message>
      </div>
    )
  }
  if (!playback.data) return <Skeleton className={styles.stage} />
  const { chapters, storyboardUrl } = (grown && whole.data) || playback.data
  return (
    <Suspense fallback={<Skeleton className={styles.stage} />}>
      <Player
        key={failures}
        videoId={video.id}
        url={playback.data.url}
        live={playback.data.live}
        posterUrl={video.posterUrl ?? playback.data.posterUrl}
        chapters={chapters}
        storyboardUrl={storyboardUrl}
        onFilm={onFilm}
        onFailure={again}
      />
    </Suspense>
  )
}

function NotYet({ video }: { video: Video }) {
  const { t, format, language } = useWords()
  const { retry } = useVideoActions()
  const pick = usePick()
  if (video.state === 'failed') {
    const { code, message } = video.problem ?? { code: 'server/failed', message: '' }
    return (
      <div className={styles.stage}>
        <Message icon={<IconAlertTriangle />} title={t('watch.failedLead')} lead={problemText(language, code, message)}>
          {video.retryable ? (
            <Button
              variant="default"
              mt="sm"
              leftSection={<IconRefresh size="1.2rem" aria-hidden />}
              onClick={() => retry(video)}
            >
              {t('video.retry')}
            </Button>
          ) : (
            <Button variant="default" mt="sm" leftSection={<IconUpload size="1.2rem" aria-hidden />} onClick={pick}>
              {t('video.uploadOther')}
            </Button>
          )}
        </Message>
      </div>
    )
  }
  const lead =
    video.state === 'uploading'
      ? t('watch.uploadingLead')
      : video.state === 'queued'
        ? t('watch.queuedLead')
        : t('watch.processingLead', { percent: format.percent(video.percent) })
  return (
    <div className={styles.stage} role="status">
      <Message icon={<IconClock />} title={t('watch.notYet')} lead={lead}>
        {video.state === 'processing' && (
          <Progress
            className={styles.progress}
            value={video.percent}
            aria-label={t('video.progress', { title: video.title })}
          />
        )}
      </Message>
    </div>
  )
}

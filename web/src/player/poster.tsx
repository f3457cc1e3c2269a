import type { Video } from '@balcao/contracts'
import { Button, Text, Title } from '@mantine/core'
import { IconPhotoCheck } from '@tabler/icons-react'
import { useWords } from '../i18n/language.tsx'
import styles from './poster.module.css'
import { usePoster } from './use-poster.ts'

/** What a video looks like in the library, and how its owner makes it look.  @param film that plays; null until it does */
export function Poster({ video, film }: { video: Video; film: HTMLVideoElement | null }) {
  const { t, format } = useWords()
  const choose = usePoster(video)
  const { posterUrl, posterAtSeconds: at, posterPending: pending } = video
  const moment = at === null ? '' : format.clock(at)
  return (
    <section className={styles.panel} aria-labelledby="poster-title">
      {posterUrl && (
        <img
          src={posterUrl}
          alt={t('video.poster', { title: video.title })}
          crossOrigin="anonymous"
          className={styles.picture}
          data-pending={pending || undefined}
        />
      )}
      <div className={styles.words}>
        <Title order={2} size="h3" id="poster-title">
          {t('poster.title')}
        </Title>
        <Text role="status">
          {at === null ? t('poster.automatic') : t(pending ? 'poster.pending' : 'poster.chosen', { moment })}
        </Text>
        <Text c="dimmed" size="sm">
          {t('poster.lead')}
        </Text>
        <div className={styles.actions}>
          <Button
            variant="default"
            leftSection={<IconPhotoCheck size="1.2rem" aria-hidden />}
            disabled={!film}
            // The sound may go on when the film has ended.
            onClick={() => film && choose(Math.min(film.currentTime, video.durationSeconds ?? 0))}
          >
            {t('poster.choose')}
          </Button>
          {at !== null && (
            <Button variant="subtle" onClick={() => choose(null)}>
              {t('poster.reset')}
            </Button>
          )}
        </div>
      </div>
    </section>
  )
}

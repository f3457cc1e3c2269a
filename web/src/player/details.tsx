import type { Video } from '@balcao/contracts'
import { Title } from '@mantine/core'
import { useWords } from '../i18n/language.tsx'
import { problemText } from '../i18n/problems.ts'
import styles from './watch.module.css'

export function Details({ video }: { video: Video }) {
  const { t, n, format, language } = useWords()
  const facts = [
    [t('video.length'), video.durationSeconds === null ? null : format.clock(video.durationSeconds)],
    [t('video.resolution'), video.width && video.height ? `${video.width} × ${video.height}` : null],
    [t('video.size'), video.size === null ? null : format.bytes(video.size)],
    [t('video.added'), format.dateTime(video.createdAt)],
  ] as const
  return (
    <section className={styles.details} aria-label={t('video.details')}>
      <Title order={2} size="h3">
        {t('video.details')}
      </Title>
      {video.problem && video.state !== 'failed' && (
        <p className={styles.warning}>
          {problemText(language, video.problem.code, video.problem.message, video.problem.missing)}
        </p>
      )}
      {video.leftOut.map(({ why, tracks }) => (
        <p key={why} className={styles.note}>
          {n(`video.leftOut.${why}`, tracks)}
        </p>
      ))}
      <dl className={styles.facts}>
        {facts.map(([name, value]) =>
          value === null ? null : (
            <div key={name}>
              <dt>{name}</dt>
              <dd className="numbers">{value}</dd>
            </div>
          ),
        )}
      </dl>
    </section>
  )
}

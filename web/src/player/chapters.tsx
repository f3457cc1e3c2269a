import type { Playback } from '@balcao/contracts'
import { Title, UnstyledButton } from '@mantine/core'
import { type RefObject, useEffect, useState } from 'react'
import { useWords } from '../i18n/language.tsx'
import styles from './chapters.module.css'

type Chapters = Playback['chapters']

/** The parts of a film, to go to; the one that plays is marked, here and on the seek bar. */
export function ChapterList({ film, chapters }: { film: RefObject<HTMLVideoElement | null>; chapters: Chapters }) {
  const { t, format, language } = useWords()
  const [now, setNow] = useState(0)
  const titles = chapters.map(({ title }, at) => title ?? t('watch.chapter', { number: at + 1 }))
  const told = JSON.stringify(titles)

  useEffect(() => {
    const video = film.current!
    const follow = () => setNow(chapters.findLastIndex(({ startSeconds }) => startSeconds <= video.currentTime + 0.05))
    markChapters(video, chapters, JSON.parse(told) as string[], language)
    video.addEventListener('timeupdate', follow)
    return () => video.removeEventListener('timeupdate', follow)
  }, [film, chapters, told, language])

  return (
    <section className={styles.chapters} aria-label={t('watch.chapters')}>
      <Title order={2} size="h3">
        {t('watch.chapters')}
      </Title>
      <ol className={styles.list}>
        {chapters.map(({ startSeconds }, at) => (
          <li key={startSeconds}>
            <UnstyledButton
              className={styles.chapter}
              aria-current={at === now || undefined}
              onClick={() => {
                if (film.current) film.current.currentTime = startSeconds
              }}
            >
              <span className={`numbers ${styles.time}`}>{format.clock(startSeconds)}</span> {titles[at]}
            </UnstyledButton>
          </li>
        ))}
      </ol>
    </section>
  )
}

/** Seconds; beyond every film's end, which is not known yet. */
const FAR = 1e9

/** The seek bar shows the parts that a track of the film's tells of. */
function markChapters(video: HTMLVideoElement, chapters: Chapters, titles: readonly string[], language: string): void {
  const known = [...video.textTracks].find(({ kind }) => kind === 'chapters')
  const track = known ?? video.addTextTrack('chapters', '', language)
  track.mode = 'hidden'
  for (const cue of [...(track.cues ?? [])]) track.removeCue(cue)
  for (const [at, { startSeconds }] of chapters.entries()) {
    const next = chapters[at + 1]?.startSeconds ?? FAR
    track.addCue(new VTTCue(startSeconds, next, escaped(titles[at]!)))
  }
}

/** The text of a cue may hold marks. */
const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

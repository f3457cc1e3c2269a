import type { Playback } from '@balcao/contracts'
import {
  MediaControlBar,
  MediaController,
  MediaFullscreenButton,
  MediaLoadingIndicator,
  MediaMuteButton,
  MediaPipButton,
  MediaPlayButton,
  MediaTimeDisplay,
  MediaTimeRange,
  MediaVolumeRange,
} from 'media-chrome/react'
import { useEffect, useRef, useState } from 'react'
import { useWords } from '../i18n/language.tsx'
import { storage } from '../storage.ts'
import { ChapterList } from './chapters.tsx'
import { attachSource, type Quality, type Source } from './hls-source.ts'
import { type Command, commandOf, nextSpeed } from './keys.ts'
import styles from './player.module.css'
import { PositionBook } from './positions.ts'
import { SettingsMenu } from './settings-menu.tsx'
import { firstText, noTracks } from './tracks.ts'

// media-chrome speaks English of itself.
void import('media-chrome/dist/lang/pt.js')

const positions = new PositionBook(storage)

export interface PlayerProps {
  readonly videoId: string
  readonly url: string
  /** Whether more of the film is still being made. */
  readonly live: boolean
  readonly posterUrl: string | null
  readonly chapters: Playback['chapters']
  /** Of thumbnails to seek by. */
  readonly storyboardUrl: string | null
  /** Told of the film's element, and null once it goes. */
  readonly onFilm: (film: HTMLVideoElement | null) => void
  /** The address ran out or the store does not answer: a fresh one may help. */
  readonly onFailure: () => void
}

/** The film and its controls. Everything media-chrome and hls.js know stays behind this file. */
export default function Player(props: PlayerProps) {
  const { videoId, url, live, posterUrl, chapters, storyboardUrl, onFilm, onFailure } = props
  const { t, language } = useWords()
  const frame = useRef<HTMLElement>(null)
  const film = useRef<HTMLVideoElement>(null)
  const source = useRef<Source>(undefined)
  const failure = useRef(onFailure)
  failure.current = onFailure
  const [qualities, setQualities] = useState<readonly Quality[]>([])
  const [chosen, setChosen] = useState(-1)
  const [height, setHeight] = useState(0)
  const [speed, setSpeed] = useState(1)
  const [tracks, setTracks] = useState(noTracks)
  const captions = useRef(() => {})
  captions.current = () => {
    const text = tracks.text === -1 ? firstText(tracks, language) : undefined
    source.current?.read(text?.id ?? -1)
  }

  useEffect(() => {
    const video = film.current!
    source.current = attachSource(
      video,
      { url, live, startAt: positions.of(videoId) },
      {
        onQualities: setQualities,
        onPlaying: setHeight,
        onTracks: setTracks,
        onFailure: () => failure.current(),
      },
    )
    const note = () => positions.note(videoId, video.currentTime, video.duration)
    const timer = setInterval(() => video.paused || note(), 5000)
    video.addEventListener('pause', note)
    window.addEventListener('pagehide', note)
    return () => {
      if (video.currentTime > 0) note()
      clearInterval(timer)
      video.removeEventListener('pause', note)
      window.removeEventListener('pagehide', note)
      source.current?.destroy()
    }
  }, [url, live, videoId])

  useEffect(() => {
    onFilm(film.current)
    return () => onFilm(null)
  }, [onFilm])

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return
      if (belongsElsewhere(event)) return
      const command = commandOf(event.key)
      if (!command || !film.current || !frame.current) return
      event.preventDefault()
      if (command.do === 'captions') captions.current()
      else obey(command, film.current, frame.current)
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])

  return (
    <>
      <MediaController
        ref={frame as never}
        className={styles.player}
        lang={language === 'en' ? 'en' : 'pt'}
        noHotkeys
        aria-label={t('watch.player')}
      >
        <video
          ref={film}
          slot="media"
          playsInline
          crossOrigin="anonymous"
          preload="metadata"
          {...(posterUrl ? { poster: posterUrl } : {})}
          onRateChange={(event) => setSpeed(event.currentTarget.playbackRate)}
        >
          {storyboardUrl && (
            <track key={storyboardUrl} default kind="metadata" label="thumbnails" src={storyboardUrl} />
          )}
        </video>
        <div slot="centered-chrome" className={styles.centre}>
          <MediaLoadingIndicator noAutohide className={styles.loading} />
          <MediaPlayButton className={styles.start} />
        </div>
        <MediaControlBar className={styles.timeline}>
          <MediaTimeRange ref={hushPreview as never} />
        </MediaControlBar>
        <MediaControlBar className={styles.bar}>
          <MediaPlayButton />
          <MediaMuteButton />
          <MediaVolumeRange className={styles.volume} />
          <MediaTimeDisplay showDuration noToggle />
          <span className={styles.gap} />
          <SettingsMenu
            qualities={qualities}
            chosen={chosen}
            height={height}
            speed={speed}
            tracks={tracks}
            onQuality={(level) => {
              setChosen(level)
              source.current?.choose(level)
            }}
            onSound={(track) => source.current?.hear(track)}
            onText={(track) => source.current?.read(track)}
            onSpeed={(next) => {
              if (film.current) film.current.playbackRate = next
            }}
          />
          <MediaPipButton />
          <MediaFullscreenButton />
        </MediaControlBar>
      </MediaController>
      {chapters.length > 1 && <ChapterList film={film} chapters={chapters} />}
    </>
  )
}

/** The picture above the seek bar says nothing to those who only hear of it: the moment's time is told beside it. */
function hushPreview(range: HTMLElement | null): void {
  const preview = range?.shadowRoot?.querySelector('media-preview-thumbnail')
  preview?.shadowRoot?.querySelector('img')?.setAttribute('alt', '')
}

/** Space presses the button that has the focus, arrows move the slider that has it, and letters go into fields. */
function belongsElsewhere({ target, key }: KeyboardEvent): boolean {
  if (!(target instanceof Element)) return false
  if (target.closest('input, textarea, select, [role=menu], [role=dialog], [role=listbox]')) return true
  if (key === ' ') return target.closest('a, button, [role=button]') !== null
  return key.startsWith('Arrow') && target.matches('media-time-range, media-volume-range')
}

function obey(command: Exclude<Command, { do: 'captions' }>, video: HTMLVideoElement, frame: HTMLElement): void {
  const duration = Number.isFinite(video.duration) ? video.duration : 0
  switch (command.do) {
    case 'toggle':
      return void (video.paused ? video.play().catch(() => undefined) : video.pause())
    case 'mute':
      video.muted = !video.muted
      return
    case 'seek':
      video.currentTime = Math.min(duration, Math.max(0, video.currentTime + command.by))
      return
    case 'jump':
      video.currentTime = duration * command.to
      return
    case 'volume':
      video.volume = Math.min(1, Math.max(0, video.volume + command.by))
      return
    case 'speed':
      video.playbackRate = nextSpeed(video.playbackRate, command.by)
      return
    case 'full':
      return void (document.fullscreenElement ? document.exitFullscreen() : frame.requestFullscreen?.())
    case 'pip':
      return void (document.pictureInPictureElement
        ? document.exitPictureInPicture()
        : video.requestPictureInPicture?.().catch(() => undefined))
  }
}

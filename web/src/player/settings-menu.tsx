import { Menu, UnstyledButton } from '@mantine/core'
import { IconCheck, IconSettings } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useWords } from '../i18n/language.tsx'
import type { Quality } from './hls-source.ts'
import { speeds } from './keys.ts'
import styles from './player.module.css'
import { trackName } from './track-name.ts'
import type { Tracks } from './tracks.ts'

/** Quality, sound, subtitles and speed. Inside the player's own element, so that full screen shows it too. */
export function SettingsMenu(props: {
  qualities: readonly Quality[]
  chosen: number
  height: number
  speed: number
  tracks: Tracks
  onQuality: (level: number) => void
  onSound: (track: number) => void
  onText: (track: number) => void
  onSpeed: (speed: number) => void
}) {
  const words = useWords()
  const { t, format } = words
  const { sounds, sound, texts, text } = props.tracks
  const mark = (on: boolean) => ({
    rightSection: on ? <IconCheck size="1rem" aria-hidden /> : null,
    'aria-current': on || undefined,
  })
  return (
    <Menu position="top-end" withinPortal={false} closeOnItemClick>
      <Menu.Target>
        <UnstyledButton className={styles.button} aria-label={t('watch.settings')}>
          <IconSettings aria-hidden />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown className={styles.menu}>
        {props.qualities.length > 0 && (
          <Choices name={t('watch.quality')}>
            <Menu.Item {...mark(props.chosen === -1)} onClick={() => props.onQuality(-1)}>
              {props.chosen === -1 && props.height > 0 ? t('watch.autoNow', { height: props.height }) : t('watch.auto')}
            </Menu.Item>
            {props.qualities.map(({ level, height }) => (
              <Menu.Item key={level} {...mark(props.chosen === level)} onClick={() => props.onQuality(level)}>
                {height}p
              </Menu.Item>
            ))}
          </Choices>
        )}
        {sounds.length > 1 && (
          <Choices name={t('watch.sound')}>
            {sounds.map((track) => (
              <Menu.Item key={track.id} {...mark(sound === track.id)} onClick={() => props.onSound(track.id)}>
                {trackName(track, words)}
              </Menu.Item>
            ))}
          </Choices>
        )}
        {texts.length > 0 && (
          <Choices name={t('watch.subtitles')}>
            <Menu.Item {...mark(text === -1)} onClick={() => props.onText(-1)}>
              {t('watch.none')}
            </Menu.Item>
            {texts.map((track) => (
              <Menu.Item key={track.id} {...mark(text === track.id)} onClick={() => props.onText(track.id)}>
                {trackName(track, words)}
              </Menu.Item>
            ))}
          </Choices>
        )}
        <Choices name={t('watch.speed')}>
          {speeds.map((speed) => (
            <Menu.Item key={speed} {...mark(props.speed === speed)} onClick={() => props.onSpeed(speed)}>
              {speed === 1 ? t('watch.normal') : `${format.factor(speed)}×`}
            </Menu.Item>
          ))}
        </Choices>
      </Menu.Dropdown>
    </Menu>
  )
}

/** A language may be heard and read: what a choice is of is told with it. */
function Choices({ name, children }: { name: string; children: ReactNode }) {
  return (
    <fieldset className={styles.choices} aria-label={name}>
      <Menu.Label aria-hidden>{name}</Menu.Label>
      {children}
    </fieldset>
  )
}

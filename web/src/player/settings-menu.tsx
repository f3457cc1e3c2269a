import { Menu, UnstyledButton } from '@mantine/core'
import { IconCheck, IconSettings } from '@tabler/icons-react'
import { useWords } from '../i18n/language.tsx'
import type { Quality } from './hls-source.ts'
import { speeds } from './keys.ts'
import styles from './player.module.css'

/** Quality and speed. Inside the player's own element, so that full screen shows it too. */
export function SettingsMenu(props: {
  qualities: readonly Quality[]
  chosen: number
  height: number
  speed: number
  onQuality: (level: number) => void
  onSpeed: (speed: number) => void
}) {
  const { t, format } = useWords()
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
          <>
            <Menu.Label>{t('watch.quality')}</Menu.Label>
            <Menu.Item {...mark(props.chosen === -1)} onClick={() => props.onQuality(-1)}>
              {props.chosen === -1 && props.height > 0 ? t('watch.autoNow', { height: props.height }) : t('watch.auto')}
            </Menu.Item>
            {props.qualities.map(({ level, height }) => (
              <Menu.Item key={level} {...mark(props.chosen === level)} onClick={() => props.onQuality(level)}>
                {height}p
              </Menu.Item>
            ))}
          </>
        )}
        <Menu.Label>{t('watch.speed')}</Menu.Label>
        {speeds.map((speed) => (
          <Menu.Item key={speed} {...mark(props.speed === speed)} onClick={() => props.onSpeed(speed)}>
            {speed === 1 ? t('watch.normal') : `${format.factor(speed)}×`}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

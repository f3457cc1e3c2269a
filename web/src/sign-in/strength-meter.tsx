import { Progress, Text } from '@mantine/core'
import { IconCheck, IconCircle } from '@tabler/icons-react'
import { useWords } from '../i18n/language.tsx'
import styles from './counter.module.css'
import { passwordStrength, SHORTEST_PASSWORD } from './password-strength.ts'

const levels = ['password.weak', 'password.fair', 'password.good', 'password.strong'] as const
const colours = ['red', 'yellow', 'mata', 'mata'] as const

export function StrengthMeter({ password }: { password: string }) {
  const { t } = useWords()
  const strength = passwordStrength(password)
  const long = password.length >= SHORTEST_PASSWORD
  const Mark = long ? IconCheck : IconCircle
  return (
    <div>
      <div className={styles.strength}>
        <Progress
          value={password ? (strength + 1) * 25 : 0}
          color={colours[strength]}
          size="sm"
          aria-label={t('password.strength')}
        />
        <Text size="sm" fw={600} aria-live="polite">
          {password ? t(levels[strength]) : ' '}
        </Text>
      </div>
      <div className={styles.met} data-met={long || undefined}>
        <Mark size="1.1rem" aria-label={long ? t('password.met') : t('password.unmet')} />
        {t('password.long')}
      </div>
    </div>
  )
}

import { TextInput } from '@mantine/core'
import { useWords } from '../i18n/language.tsx'
import styles from './counter.module.css'

/** Six digits in one field, so that paste, autofill and screen readers work. */
export function CodeField(props: { value: string; onChange: (code: string) => void; error?: string | undefined }) {
  const { t } = useWords()
  return (
    <TextInput
      className={styles.code}
      label={t('field.code')}
      name="code"
      inputMode="numeric"
      autoComplete="one-time-code"
      placeholder="000000"
      required
      withAsterisk={false}
      value={props.value}
      error={props.error}
      onChange={(event) => props.onChange(event.currentTarget.value.replace(/\D/g, '').slice(0, 6))}
    />
  )
}

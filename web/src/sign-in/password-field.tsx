import { PasswordInput } from '@mantine/core'
import { useId } from 'react'
import { useWords } from '../i18n/language.tsx'

/** A password, with a way to look at it. */
export function PasswordField(props: {
  value: string
  onChange: (password: string) => void
  error?: string | undefined
  autoComplete: 'current-password' | 'new-password'
}) {
  const { t } = useWords()
  const errorId = useId()
  return (
    <PasswordInput
      label={t('field.password')}
      name="password"
      autoComplete={props.autoComplete}
      required
      withAsterisk={false}
      visibilityToggleButtonProps={{ 'aria-label': t('field.showPassword') }}
      value={props.value}
      error={props.error}
      // Mantine says these of every field but this one.
      errorProps={{ id: errorId }}
      aria-invalid={props.error ? true : undefined}
      aria-describedby={props.error ? errorId : undefined}
      onChange={(event) => props.onChange(event.currentTarget.value)}
    />
  )
}

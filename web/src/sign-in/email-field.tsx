import { TextInput } from '@mantine/core'
import { useWords } from '../i18n/language.tsx'

/** The e-mail that names an account, so that password managers know whose password comes next. */
export function EmailField(props: { value: string; onChange: (email: string) => void; error?: string | undefined }) {
  const { t } = useWords()
  return (
    <TextInput
      label={t('field.email')}
      type="email"
      name="username"
      autoComplete="username"
      inputMode="email"
      required
      withAsterisk={false}
      value={props.value}
      error={props.error}
      onChange={(event) => props.onChange(event.currentTarget.value)}
    />
  )
}

import { Alert, Title } from '@mantine/core'
import { IconAlertCircle } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { type FormEvent, type ReactNode, useEffect, useRef } from 'react'
import { useWords } from '../i18n/language.tsx'
import { Logo } from '../ui/logo.tsx'
import { usePageTitle } from '../ui/page-title.ts'
import { Preferences } from '../ui/preferences.tsx'
import styles from './counter.module.css'

/** One question, alone on the page. Changing `step` moves the focus to the question's field. */
export function Counter(props: {
  title: string
  lead?: ReactNode
  /** What went wrong and belongs to no field. */
  trouble?: string | undefined
  step?: string
  onSubmit?: () => void
  children: ReactNode
  footer?: ReactNode
}) {
  const { t } = useWords()
  const form = useRef<HTMLFormElement>(null)
  usePageTitle(props.title)

  // biome-ignore lint/correctness/useExhaustiveDependencies: the step is what moves the focus
  useEffect(() => {
    form.current
      ?.querySelector<HTMLInputElement>('input:not([type=hidden]):not([readonly]):not([tabindex="-1"])')
      ?.focus()
  }, [props.step])

  const submit = (event: FormEvent) => {
    event.preventDefault()
    props.onSubmit?.()
  }

  return (
    <div className={styles.page}>
      <header className={styles.top}>
        <Link to="/" className={styles.home} aria-label={t('house.name')}>
          <Logo />
        </Link>
        <div>
          <Preferences />
        </div>
      </header>
      <main className={styles.middle}>
        <form ref={form} className={styles.card} onSubmit={submit} noValidate>
          <div>
            <Title order={1}>{props.title}</Title>
            {props.lead && <div className={styles.lead}>{props.lead}</div>}
          </div>
          {props.trouble && (
            <Alert role="alert" color="red" icon={<IconAlertCircle aria-hidden />} className={styles.trouble}>
              {props.trouble}
            </Alert>
          )}
          {props.children}
        </form>
        {props.footer && <div className={styles.footer}>{props.footer}</div>}
      </main>
    </div>
  )
}

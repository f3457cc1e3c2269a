import { authRoutes } from '@balcao/contracts'
import { Button } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useWords } from '../i18n/language.tsx'
import { useMailboxExists } from '../mailbox/use-mailbox.ts'
import { session } from '../session/session.ts'
import { CodeField } from './code-field.tsx'
import styles from './counter.module.css'
import { Counter } from './counter.tsx'
import { EmailField } from './email-field.tsx'
import { flow, noteLogin } from './flow.ts'
import { isEmail } from './is-email.ts'
import { useAnswer } from './use-answer.ts'

/** The pool sends at most one code a minute. */
const WAIT_SECONDS = 60

export function ConfirmPage() {
  const { t } = useWords()
  const navigate = useNavigate()
  const { volta } = useSearch({ from: '/confirmar' })
  const hasMailbox = useMailboxExists()
  const [email, setEmail] = useState(flow.email)
  const [code, setCode] = useState('')
  const [wait, setWait] = useState(flow.delivery ? WAIT_SECONDS : 0)
  const answer = useAnswer(['email', 'code'], { 'auth/wrong_code': 'code', 'auth/code_expired': 'code' })

  useEffect(() => {
    if (wait === 0) return
    const timer = setTimeout(() => setWait(wait - 1), 1000)
    return () => clearTimeout(timer)
  }, [wait])

  const submit = () => {
    if (!isEmail(email)) return answer.need('email', t('need.email'))
    if (code.length !== 6) return answer.need('code', t('need.code'))
    void answer.run(async () => {
      await session.call(authRoutes.confirm, { body: { email: email.trim(), code } })
      flow.email = email.trim()
      if (!flow.password) return navigate({ to: '/entrar', search: { volta, aviso: 'confirmado' } })
      const tokens = noteLogin(
        await session.call(authRoutes.login, { body: { username: flow.email, password: flow.password } }),
      )
      if (tokens) session.enter(tokens)
      else await navigate({ to: '/segundo-fator', search: { volta } })
    })
  }

  const resend = () => {
    if (!isEmail(email)) return answer.need('email', t('need.email'))
    void answer.run(async () => {
      flow.delivery = await session.call(authRoutes.resend, { body: { email: email.trim() } })
      setWait(WAIT_SECONDS)
      notifications.show({ message: t('confirm.resent') })
    })
  }

  const { destination } = flow.delivery ?? {}
  return (
    <Counter
      title={t('confirm.title')}
      lead={destination ? t('confirm.sentTo', { destination }) : t('confirm.sent')}
      trouble={answer.trouble}
      onSubmit={submit}
      footer={hasMailbox && <Link to="/caixa-de-teste">{t('confirm.mailbox')}</Link>}
    >
      {!flow.email && <EmailField value={email} onChange={setEmail} error={answer.errorOf('email')} />}
      <CodeField value={code} onChange={setCode} error={answer.errorOf('code')} />
      <div className={styles.actions}>
        <Button type="submit" size="lg" loading={answer.busy}>
          {t('confirm.submit')}
        </Button>
        <Button variant="subtle" onClick={resend} disabled={wait > 0 || answer.busy}>
          {wait > 0 ? t('confirm.wait', { seconds: wait }) : t('confirm.resend')}
        </Button>
      </div>
    </Counter>
  )
}

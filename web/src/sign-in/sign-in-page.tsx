import { authRoutes } from '@balcao/contracts'
import { Button } from '@mantine/core'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { ProblemError } from '../api/call.ts'
import { useWords } from '../i18n/language.tsx'
import { session } from '../session/session.ts'
import styles from './counter.module.css'
import { Counter } from './counter.tsx'
import { EmailField } from './email-field.tsx'
import { flow, noteLogin } from './flow.ts'
import { isEmail } from './is-email.ts'
import { PasswordField } from './password-field.tsx'
import { useAnswer } from './use-answer.ts'

export function SignInPage() {
  const { t } = useWords()
  const navigate = useNavigate()
  const { volta, aviso } = useSearch({ from: '/entrar' })
  const [step, setStep] = useState<'email' | 'password'>('email')
  const [email, setEmail] = useState(flow.email)
  const [password, setPassword] = useState('')
  const answer = useAnswer(['email', 'password'], { 'auth/wrong_credentials': 'password' })

  const submit = () => {
    if (step === 'email') {
      if (!isEmail(email)) return answer.need('email', t('need.email'))
      answer.clear()
      return setStep('password')
    }
    if (password === '') return answer.need('password', t('need.password'))
    void answer.run(async () => {
      flow.email = email.trim()
      try {
        const tokens = noteLogin(await session.call(authRoutes.login, { body: { username: flow.email, password } }))
        if (tokens) session.enter(tokens)
        else await navigate({ to: '/segundo-fator', search: { volta } })
      } catch (error) {
        if (!(error instanceof ProblemError) || error.code !== 'auth/not_confirmed') throw error
        flow.password = password
        flow.delivery = await session.call(authRoutes.resend, { body: { email: flow.email } }).catch(() => undefined)
        await navigate({ to: '/confirmar', search: { volta } })
      }
    })
  }

  return (
    <Counter
      title={t('signIn.title')}
      lead={step === 'password' ? t('signIn.passwordLead') : aviso ? t('confirm.done') : t('signIn.lead')}
      trouble={answer.trouble}
      step={step}
      onSubmit={submit}
      footer={
        <>
          {t('signIn.new')} <Link to="/criar-conta">{t('signIn.create')}</Link>
        </>
      }
    >
      {step === 'email' ? (
        <EmailField value={email} onChange={setEmail} error={answer.errorOf('email')} />
      ) : (
        <>
          <div className={styles.who}>
            <span>{email.trim()}</span>
            <Button
              size="compact-md"
              variant="subtle"
              flex="none"
              onClick={() => {
                answer.clear()
                setStep('email')
              }}
            >
              {t('signIn.otherEmail')}
            </Button>
          </div>
          {/* Password managers pair a password with the user name they find beside it. */}
          <input type="email" name="username" autoComplete="username" value={email} readOnly hidden />
          <PasswordField
            autoComplete="current-password"
            value={password}
            onChange={setPassword}
            error={answer.errorOf('password')}
          />
        </>
      )}
      <Button type="submit" size="lg" loading={answer.busy}>
        {step === 'email' ? t('do.continue') : t('signIn.submit')}
      </Button>
    </Counter>
  )
}

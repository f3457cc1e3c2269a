import { authRoutes } from '@balcao/contracts'
import { Button } from '@mantine/core'
import { Navigate, useNavigate, useSearch } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { useWords } from '../i18n/language.tsx'
import { session } from '../session/session.ts'
import { CodeField } from './code-field.tsx'
import { Counter } from './counter.tsx'
import { flow } from './flow.ts'
import { useAnswer } from './use-answer.ts'

const Enrol = lazy(() => import('./enrol.tsx'))

/** The code of the app; for the first sign-in, the enrolment of that app. */
export function SecondFactorPage() {
  const { volta } = useSearch({ from: '/segundo-fator' })
  if (flow.factor === 'none') return <Navigate to="/entrar" search={{ volta }} replace />
  if (flow.factor === 'code') return <AnswerCode />
  return (
    <Suspense>
      <Enrol />
    </Suspense>
  )
}

function AnswerCode() {
  const { t } = useWords()
  const navigate = useNavigate()
  const { volta } = useSearch({ from: '/segundo-fator' })
  const [code, setCode] = useState('')
  const answer = useAnswer(['code'], { 'auth/wrong_code': 'code', 'auth/code_used': 'code' })

  const submit = () => {
    if (code.length !== 6) return answer.need('code', t('need.code'))
    void answer.run(async () => {
      const { tokens } = await session.call(authRoutes.mfa, { body: { username: flow.email, code } })
      session.enter(tokens)
    })
  }

  const again = () => {
    flow.factor = 'none'
    void navigate({ to: '/entrar', search: { volta } })
  }

  return (
    <Counter title={t('factor.title')} lead={t('factor.codeLead')} trouble={answer.trouble} onSubmit={submit}>
      <CodeField value={code} onChange={setCode} error={answer.errorOf('code')} />
      {answer.failure?.code === 'auth/mfa_session' ? (
        <Button size="lg" onClick={again}>
          {t('signIn.title')}
        </Button>
      ) : (
        <Button type="submit" size="lg" loading={answer.busy}>
          {t('factor.submit')}
        </Button>
      )}
    </Counter>
  )
}

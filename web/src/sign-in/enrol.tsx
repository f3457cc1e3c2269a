import { authRoutes } from '@balcao/contracts'
import { ActionIcon, Button, CopyButton, Skeleton, Text } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { create } from 'qrcode'
import { useState } from 'react'
import { useWords } from '../i18n/language.tsx'
import { session } from '../session/session.ts'
import { CodeField } from './code-field.tsx'
import styles from './counter.module.css'
import { Counter } from './counter.tsx'
import { flow } from './flow.ts'
import { useAnswer } from './use-answer.ts'

/** The dark squares of a QR code as one SVG path, a unit per square. */
function qrPath(text: string): { path: string; size: number } {
  const { data, size } = create(text, { errorCorrectionLevel: 'M' }).modules
  const squares = Array.from(data, (dark, i) => (dark ? `M${i % size} ${Math.floor(i / size)}h1v1h-1z` : ''))
  return { path: squares.join(''), size }
}

/** Takes the authenticator app in: QR code, or key, then the app's first code. */
export default function Enrol() {
  const { t } = useWords()
  const navigate = useNavigate()
  const { volta } = useSearch({ from: '/segundo-fator' })
  const [code, setCode] = useState('')
  const answer = useAnswer(['code'], { 'auth/wrong_code': 'code', 'auth/code_used': 'code' })

  // Each call makes a new secret: asked for once per enrolment, and forgotten with the page.
  const setup = useQuery({
    queryKey: ['mfa-setup'],
    queryFn: () => session.call(authRoutes.mfaSetup, { body: flow.enrolment ? { flow: flow.enrolment } : {} }),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: false,
  })
  const qr = setup.data && qrPath(setup.data.uri)

  const submit = () => {
    if (code.length !== 6) return answer.need('code', t('need.code'))
    void answer.run(async () => {
      const enrolment = setup.data?.flow ?? flow.enrolment
      const { tokens } = await session.call(authRoutes.mfaSetupVerify, {
        body: { code, ...(enrolment ? { flow: enrolment } : {}) },
      })
      session.enter(tokens)
    })
  }

  const lost = setup.isError || answer.failure?.code === 'auth/mfa_session'
  return (
    <Counter
      title={t('factor.enrolTitle')}
      lead={t('factor.enrolLead')}
      trouble={lost ? t('factor.lost') : answer.trouble}
      step={String(setup.isSuccess)}
      onSubmit={submit}
    >
      {qr ? (
        <svg className={styles.qr} viewBox={`0 0 ${qr.size} ${qr.size}`} role="img" aria-label={t('factor.qr')}>
          <path d={qr.path} shapeRendering="crispEdges" />
        </svg>
      ) : (
        !lost && <Skeleton className={styles.qr} />
      )}
      {setup.data && (
        <div>
          <Text size="sm" c="dimmed" mb="xs">
            {t('factor.manual')}
          </Text>
          <div className={styles.secret}>
            {/* biome-ignore lint/a11y/useSemanticElements: a fieldset holds fields; this holds a key to be read */}
            <code role="group" aria-label={t('factor.secret')}>
              {setup.data.secret.replace(/(.{4})(?=.)/g, '$1 ')}
            </code>
            <CopyButton value={setup.data.secret}>
              {({ copied, copy }) => (
                <ActionIcon onClick={copy} aria-label={copied ? t('do.copied') : t('do.copy')}>
                  {copied ? <IconCheck size="1.2rem" /> : <IconCopy size="1.2rem" />}
                </ActionIcon>
              )}
            </CopyButton>
          </div>
        </div>
      )}
      {lost ? (
        <Button
          size="lg"
          onClick={() => {
            flow.factor = 'none'
            void navigate({ to: '/entrar', search: { volta } })
          }}
        >
          {t('signIn.title')}
        </Button>
      ) : (
        <>
          <Text>{t('factor.enrolCode')}</Text>
          <CodeField value={code} onChange={setCode} error={answer.errorOf('code')} />
          <Button type="submit" size="lg" loading={answer.busy} disabled={!setup.data}>
            {t('factor.enrolSubmit')}
          </Button>
        </>
      )}
    </Counter>
  )
}

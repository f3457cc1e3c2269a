import { authRoutes } from '@balcao/contracts'
import { isCpf } from '@balcao/kernel'
import { Button, Progress, Text, TextInput } from '@mantine/core'
import { Link, useNavigate } from '@tanstack/react-router'
import { type ChangeEvent, useState } from 'react'
import type { Key } from '../i18n/dictionaries.ts'
import { useWords } from '../i18n/language.tsx'
import { session } from '../session/session.ts'
import styles from './counter.module.css'
import { Counter } from './counter.tsx'
import { cpfMask } from './cpf-mask.ts'
import { flow } from './flow.ts'
import { isEmail } from './is-email.ts'
import { PasswordField } from './password-field.tsx'
import { SHORTEST_PASSWORD } from './password-strength.ts'
import { StrengthMeter } from './strength-meter.tsx'
import { useAnswer } from './use-answer.ts'

const fields = ['name', 'email', 'cpf', 'password'] as const
type Field = (typeof fields)[number]

const leads: Record<Field, Key> = {
  name: 'signUp.nameLead',
  email: 'signUp.emailLead',
  cpf: 'signUp.cpfLead',
  password: 'signUp.passwordLead',
}

const right: Record<Field, (value: string) => boolean> = {
  name: (value) => value.trim() !== '',
  email: isEmail,
  cpf: isCpf,
  password: (value) => value.length >= SHORTEST_PASSWORD,
}

const needs: Record<Field, Key> = {
  name: 'need.name',
  email: 'need.email',
  cpf: 'need.cpf',
  password: 'need.newPassword',
}

export function SignUpPage() {
  const { t } = useWords()
  const navigate = useNavigate()
  const [step, setStep] = useState(0)
  const [values, setValues] = useState<Record<Field, string>>({ name: '', email: '', cpf: '', password: '' })
  const answer = useAnswer(fields, {
    'cpf/invalid': 'cpf',
    'cpf/required': 'cpf',
    'auth/weak_password': 'password',
  })
  const field = fields[step]!
  // A refusal of an earlier field takes the person back to it.
  const refused = fields.findIndex((name) => answer.errorOf(name))
  const fill = (name: Field, value: string) => setValues((old) => ({ ...old, [name]: value }))
  const input = (name: Field) => ({
    name,
    required: true,
    withAsterisk: false,
    value: values[name],
    error: answer.errorOf(name),
    onChange: (event: ChangeEvent<HTMLInputElement>) => {
      const { value } = event.currentTarget
      fill(name, name === 'cpf' ? cpfMask(value) : value)
    },
  })

  const submit = () => {
    if (!right[field](values[field])) return answer.need(field, t(needs[field]))
    answer.clear()
    if (step < fields.length - 1) return setStep(step + 1)
    void answer.run(async () => {
      const email = values.email.trim()
      flow.delivery = await session.call(authRoutes.register, { body: { ...values, email } })
      flow.email = email
      flow.password = values.password
      await navigate({ to: '/confirmar', search: {} })
    })
  }

  return (
    <Counter
      title={t('signUp.title')}
      lead={t(leads[field])}
      trouble={answer.trouble ?? (refused >= 0 && refused !== step ? answer.errorOf(fields[refused]!) : undefined)}
      step={field}
      onSubmit={submit}
      footer={
        <>
          {t('signUp.have')} <Link to="/entrar">{t('signIn.title')}</Link>
        </>
      }
    >
      <div>
        <Progress value={((step + 1) / fields.length) * 100} size="xs" aria-hidden />
        <Text size="sm" c="dimmed" mt="xs" aria-live="polite">
          {t('signUp.step', { step: step + 1, steps: fields.length })}
        </Text>
      </div>
      {field === 'name' && <TextInput {...input('name')} label={t('field.name')} autoComplete="name" />}
      {field === 'email' && (
        <TextInput {...input('email')} label={t('field.email')} type="email" autoComplete="email" inputMode="email" />
      )}
      {field === 'cpf' && (
        <TextInput
          {...input('cpf')}
          label={t('field.cpf')}
          description={t('signUp.cpfWhy')}
          inputMode="numeric"
          autoComplete="off"
          placeholder="000.000.000-00"
        />
      )}
      {field === 'password' && (
        <>
          <input type="email" name="username" autoComplete="username" value={values.email} readOnly hidden />
          <PasswordField
            autoComplete="new-password"
            value={values.password}
            onChange={(value) => fill('password', value)}
            error={answer.errorOf('password')}
          />
          <StrengthMeter password={values.password} />
        </>
      )}
      <div className={styles.actions}>
        <Button type="submit" size="lg" loading={answer.busy}>
          {step < fields.length - 1 ? t('do.continue') : t('signUp.submit')}
        </Button>
        {step > 0 && (
          <Button
            variant="subtle"
            onClick={() => {
              answer.clear()
              setStep(step - 1)
            }}
          >
            {t('do.back')}
          </Button>
        )}
      </div>
    </Counter>
  )
}

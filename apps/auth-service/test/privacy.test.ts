import { until } from '@balcao/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AuthenticatorApp, mailedCode, newPerson, post, registerPerson, signUpPerson } from './person.ts'
import { type RunningAuth, startAuth } from './running-auth.ts'

let auth: RunningAuth
const now = () => auth.clock.now()

beforeAll(async () => {
  auth = await startAuth()
})
afterAll(() => auth.close())

const mailbox = async (to: string) => {
  const answer = await fetch(`${auth.url}/dev/mailbox?to=${encodeURIComponent(to)}`)
  return ((await answer.json()) as { items: { subject: string; text: string }[] }).items
}

describe('whether an e-mail has an account', () => {
  const nobody = () => newPerson().email

  it('is not told by sign-in', async () => {
    const person = await registerPerson(auth.url)
    const ask = (username: string) => post(auth.url, '/auth/login', { username, password: 'nao-e-a-Senha-1' })
    const [known, unknown] = [await ask(person.email), await ask(nobody())]
    expect(unknown).toMatchObject({ status: 401, body: { code: 'auth/wrong_credentials' } })
    expect([known.status, known.body]).toEqual([unknown.status, unknown.body])
  })

  it('is not told by signing up, and only its owner hears of it, once', async () => {
    const person = await registerPerson(auth.url)
    const before = (await mailbox(person.email)).length
    const again = { ...newPerson(), email: person.email, password: 'Uma-Outra-Senha-5' }
    const answers = [await post(auth.url, '/auth/register', again), await post(auth.url, '/auth/register', again)]
    const fresh = await post(auth.url, '/auth/register', newPerson())
    for (const answer of answers) expect([answer.status, answer.body]).toEqual([fresh.status, fresh.body])
    const mails = (await mailbox(person.email)).slice(0, -before)
    expect(mails.map(({ subject }) => subject)).toEqual(['Você já tem uma conta no Balcão'])
    const login = await post(auth.url, '/auth/login', { username: person.email, password: again.password })
    expect(login.body.code).toBe('auth/wrong_credentials')
  })

  it('is not told by signing up again before the e-mail was confirmed; a new code is sent', async () => {
    const person = newPerson()
    const first = await post(auth.url, '/auth/register', person)
    const code = await mailedCode(auth.url, person.email)
    expect(await post(auth.url, '/auth/register', person)).toMatchObject({ status: 201, body: first.body })
    auth.clock.advance(61)
    expect(await post(auth.url, '/auth/register', person)).toMatchObject({ status: 201, body: first.body })
    const newer = await until(async () => {
      const newest = await mailedCode(auth.url, person.email)
      return newest !== code && newest
    })
    expect((await post(auth.url, '/auth/confirm', { email: person.email, code: newer })).status).toBe(204)
  })

  it('is not told by confirming or by asking for another code', async () => {
    const person = await registerPerson(auth.url)
    auth.clock.advance(61)
    for (const [path, more] of [
      ['/auth/confirm', { code: '123456' }],
      ['/auth/resend', {}],
    ] as const) {
      const known = await post(auth.url, path, { email: person.email, ...more })
      const unknown = await post(auth.url, path, { email: nobody(), ...more })
      expect([known.status, known.body?.code]).toEqual([unknown.status, unknown.body?.code])
    }
  })
})

it('leaves no e-mail, CPF, password, code or token in a log line or a key of the cache', async () => {
  const person = await signUpPerson(auth.url, { now })
  auth.clock.advance(60)
  await post(auth.url, '/auth/login', { username: person.email, password: 'errada-errada-1A' })
  await post(auth.url, '/auth/login', { username: person.email, password: person.password })
  await post(auth.url, '/auth/mfa', { username: person.email, code: person.app.wrongCode() })
  await post(auth.url, '/auth/register', { ...person, cpf: '1' })
  await post(auth.url, '/auth/register', person)
  const keys = await auth.platform.sql.query<{ key: string }>('select key from cache_entries')
  expect(keys.some(({ key }) => key.startsWith('mfa-session:'))).toBe(true)
  expect(auth.logged.length).toBeGreaterThan(0)
  const seen = [...auth.logged, JSON.stringify(keys), await auth.platform.metrics.text()].join('\n')
  const digits = person.cpf.replace(/\D/g, '')
  for (const secret of [
    person.email,
    person.cpf,
    digits,
    person.password,
    person.app.secret,
    person.tokens.refreshToken,
  ]) {
    expect(seen).not.toContain(secret)
  }
  expect(seen).not.toMatch(/@exemplo|eyJ/)
})

it('D1-36: counts accounts, sign-ins and second factors', async () => {
  const value = async (line: string) => {
    const text = await auth.platform.metrics.text()
    return Number(
      text
        .split('\n')
        .find((l) => l.startsWith(`${line} `))
        ?.split(' ')[1] ?? 0,
    )
  }
  const names = [
    'auth_registrations_total',
    'auth_mfa_activations_total',
    'auth_sign_ins_total{result="ok"}',
    'auth_sign_ins_total{result="auth/wrong_credentials"}',
  ]
  const before = await Promise.all(names.map(value))
  const person = await signUpPerson(auth.url, { now })
  await post(auth.url, '/auth/login', { username: person.email, password: 'errada-errada-1A' })
  expect(await Promise.all(names.map(value))).toEqual(before.map((n) => n + 1))
})

it.each([
  ['cpf/invalid', { cpf: '111.111.111-11' }],
  ['request/invalid', { email: 'not an address' }],
  ['request/invalid', { name: ' ' }],
])('names what is wrong with a form: %s', async (code, wrong) => {
  const refusal = await post(auth.url, '/auth/register', { ...newPerson(), ...wrong })
  expect(refusal).toMatchObject({ status: 400, body: { code } })
  expect(refusal.headers.get('content-type')).toContain('application/problem+json')
})

it('says that the pool does not answer when it does not', async () => {
  const lonely = await startAuth({ USER_POOL_URL: 'http://127.0.0.1:1' })
  try {
    const refusal = await post(lonely.url, '/auth/login', { username: 'ana@exemplo.com', password: 'x' })
    expect(refusal).toMatchObject({ status: 503, body: { code: 'auth/unavailable' } })
  } finally {
    await lonely.close()
  }
})

it('draws one and the same secret for a page that asks twice', async () => {
  const person = await registerPerson(auth.url)
  const { flow } = (await post(auth.url, '/auth/login', { username: person.email, password: person.password })).body
  const [one, two] = await Promise.all([1, 2].map(() => post(auth.url, '/auth/mfa/setup', { flow })))
  expect(one!.body).toEqual(two!.body)
  const app = new AuthenticatorApp(one!.body.secret, now)
  expect((await post(auth.url, '/auth/mfa/setup/verify', { flow, code: app.nextCode() })).status).toBe(200)
})

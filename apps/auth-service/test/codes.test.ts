import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  AuthenticatorApp,
  mailedCode,
  newPerson,
  post,
  registerPerson,
  type SignedUpPerson,
  signUpPerson,
} from './person.ts'
import { type RunningAuth, startAuth } from './running-auth.ts'

let auth: RunningAuth
const now = () => auth.clock.now()

beforeAll(async () => {
  auth = await startAuth()
})
afterAll(() => auth.close())
// The pool also counts failures by address, and all of us share one.
beforeEach(() => auth.clock.advance(901))

const login = (person: { email: string; password: string }) =>
  post(auth.url, '/auth/login', { username: person.email, password: person.password })
const answer = (person: { email: string }, code: string) =>
  post(auth.url, '/auth/mfa', { username: person.email, code })
const wordOf = ({ status, body }: { status: number; body: { code: string } }) => `${status} ${body?.code}`
const gone = '401 auth/mfa_session'

/** Someone whose password was right a moment ago. */
async function atSecondFactor(): Promise<SignedUpPerson> {
  const person = await signUpPerson(auth.url, { now })
  auth.clock.advance(60)
  expect((await login(person)).body).toEqual({ mfaRequired: true, challenge: 'SOFTWARE_TOKEN_MFA' })
  return person
}

describe('the second factor', () => {
  it('D4-19: says so with the documented sentence when nobody asked for it', async () => {
    const refusal = await answer({ email: 'ninguem@exemplo.com.br' }, '123456')
    expect(refusal.headers.get('content-type')).toContain('application/problem+json')
    expect(refusal.body).toMatchObject({
      status: 401,
      detail: 'Sessão MFA inválida ou expirada',
      code: 'auth/mfa_session',
    })
  })

  it('leaves two more tries after a wrong code', async () => {
    const person = await atSecondFactor()
    expect(wordOf(await answer(person, person.app.wrongCode()))).toBe('401 auth/wrong_code')
    expect(wordOf(await answer(person, person.app.wrongCode()))).toBe('401 auth/wrong_code')
    expect((await answer(person, person.app.nextCode())).status).toBe(200)
  })

  it('is over at the third wrong code, whatever comes next', async () => {
    const person = await atSecondFactor()
    for (let i = 0; i < 3; i++) await answer(person, person.app.wrongCode())
    expect(wordOf(await answer(person, person.app.nextCode()))).toBe(gone)
  })

  it('is over once it was right', async () => {
    const person = await atSecondFactor()
    expect((await answer(person, person.app.nextCode())).status).toBe(200)
    expect(wordOf(await answer(person, person.app.nextCode()))).toBe(gone)
  })

  it('is over after 300 s', async () => {
    const person = await atSecondFactor()
    auth.clock.advance(301)
    expect(wordOf(await answer(person, person.app.nextCode()))).toBe(gone)
  })

  it('takes a code once, also in another sign-in', async () => {
    const person = await atSecondFactor()
    const code = person.app.nextCode()
    expect((await answer(person, code)).status).toBe(200)
    await login(person)
    const reused = await answer(person, code)
    expect(reused.status).toBe(401)
    expect(reused.body.code).toMatch(/^auth\/(code_used|wrong_code)$/)
    expect((await answer(person, person.app.nextCode())).status).toBe(200)
  })

  it('looks at no more than three of sixty codes guessed at once', async () => {
    const person = await atSecondFactor()
    const right = person.app.nextCode()
    const guesses = Array.from({ length: 60 }, (_, i) => String(100_000 + i)).filter((guess) => guess !== right)
    const answers = await Promise.all(guesses.map((guess) => answer(person, guess)))
    expect(answers.every(({ status }) => status === 401 || status === 429)).toBe(true)
    expect(answers.filter(({ body }) => body.code === 'auth/wrong_code').length).toBeLessThanOrEqual(3)
    expect((await answer(person, right)).status).not.toBe(200)
  })

  it('signs in once of ten who answer with the right code at once', async () => {
    const person = await atSecondFactor()
    const code = person.app.nextCode()
    const answers = await Promise.all(Array.from({ length: 10 }, () => answer(person, code)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  })
})

describe('enrolling', () => {
  async function enrolling() {
    const person = await registerPerson(auth.url)
    const { flow } = (await login(person)).body
    const { secret } = (await post(auth.url, '/auth/mfa/setup', { flow })).body
    return { person, flow, app: new AuthenticatorApp(secret, now) }
  }
  const verify = (flow: string, code: string) => post(auth.url, '/auth/mfa/setup/verify', { flow, code })

  it('may take a person ten minutes', async () => {
    const { flow, app } = await enrolling()
    auth.clock.advance(600)
    expect((await verify(flow, app.nextCode())).status).toBe(200)
  })

  it('is over after fifteen minutes', async () => {
    const { flow, app } = await enrolling()
    auth.clock.advance(901)
    expect(wordOf(await verify(flow, app.nextCode()))).toBe(gone)
  })

  it('stands two wrong codes and not three', async () => {
    const { flow, app } = await enrolling()
    expect(wordOf(await verify(flow, app.wrongCode()))).toBe('401 auth/wrong_code')
    expect(wordOf(await verify(flow, app.wrongCode()))).toBe('401 auth/wrong_code')
    await verify(flow, app.wrongCode())
    expect(wordOf(await verify(flow, app.nextCode()))).toBe(gone)
  })

  it('shows its secret only to whoever knows the password', async () => {
    expect(wordOf(await post(auth.url, '/auth/mfa/setup', { flow: 'made-up' }))).toBe(gone)
    expect(wordOf(await post(auth.url, '/auth/mfa/setup', {}))).toBe(gone)
    expect(wordOf(await verify('made-up', '123456'))).toBe(gone)
  })
})

describe('the code in the mail', () => {
  const confirm = (email: string, code: string) => post(auth.url, '/auth/confirm', { email, code })
  const other = (code: string) => (code === '123456' ? '654321' : '123456')

  it('is refused when it is wrong and works when it is right', async () => {
    const person = newPerson()
    await post(auth.url, '/auth/register', person)
    const code = await mailedCode(auth.url, person.email)
    expect(wordOf(await confirm(person.email, other(code)))).toBe('400 auth/wrong_code')
    expect((await confirm(person.email, code)).status).toBe(204)
    expect((await confirm(person.email, code)).status).toBe(400)
  })

  it('stands three wrong tries, also at once, and then a new one must be asked for', async () => {
    const person = newPerson()
    await post(auth.url, '/auth/register', person)
    const code = await mailedCode(auth.url, person.email)
    await Promise.all(Array.from({ length: 20 }, () => confirm(person.email, other(code))))
    expect((await confirm(person.email, code)).status).not.toBe(204)
  })

  it('is replaced by a newer one', async () => {
    const person = newPerson()
    await post(auth.url, '/auth/register', person)
    const first = await mailedCode(auth.url, person.email)
    auth.clock.advance(61)
    const resent = await post(auth.url, '/auth/resend', { email: person.email })
    expect([resent.status, resent.body]).toEqual([202, { medium: 'EMAIL', destination: 'm***@e***.br' }])
    expect((await confirm(person.email, first)).status).toBe(400)
  })

  it('is too late after a day', async () => {
    const person = newPerson()
    await post(auth.url, '/auth/register', person)
    const code = await mailedCode(auth.url, person.email)
    auth.clock.advance(24 * 3600 + 1)
    expect(wordOf(await confirm(person.email, code))).toBe('400 auth/code_expired')
  })
})

describe('the password', () => {
  it('is guessed at only a few times, however many guesses come at once', async () => {
    const person = await registerPerson(auth.url)
    const guess = (i: number) => login({ ...person, password: `palpite-${i}-Errado` })
    const answers = await Promise.all(Array.from({ length: 30 }, (_, i) => guess(i)))
    const looked = answers.filter(({ body }) => body.code === 'auth/wrong_credentials')
    expect(looked.length).toBeLessThanOrEqual(5)
    expect(answers.filter(({ body }) => body.code === 'auth/too_many_attempts').length).toBe(30 - looked.length)
    expect(answers.find(({ status }) => status === 429)!.body.detail).toMatch(/espere/)
  })

  it('that is weak is refused by name', async () => {
    const refusal = await post(auth.url, '/auth/register', newPerson({ password: 'curta' }))
    expect(wordOf(refusal)).toBe('400 auth/weak_password')
    expect(refusal.body.details).toEqual({ field: 'password' })
  })
})

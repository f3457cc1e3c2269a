import { maskCpf, parseCpf } from '@balcao/kernel'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { AuthenticatorApp, mailedCode, newPerson, post, registerPerson, signIn, signUpPerson } from './person.ts'
import { type RunningAuth, startAuth } from './running-auth.ts'

let auth: RunningAuth
const now = () => auth.clock.now()

beforeAll(async () => {
  auth = await startAuth()
})
afterAll(() => auth.close())

const me = async (token: string) => {
  const answer = await fetch(`${auth.url}/auth/me`, { headers: { authorization: `Bearer ${token}` } })
  return { status: answer.status, body: await answer.json() }
}

it('takes a person from nothing to a session with a second factor, and out again', async () => {
  const person = newPerson()
  const registered = await post(auth.url, '/auth/register', person)
  expect(registered.status).toBe(201)
  expect(registered.body).toEqual({ medium: 'EMAIL', destination: 'm***@e***.br' })

  const early = await post(auth.url, '/auth/login', { username: person.email, password: person.password })
  expect([early.status, early.body.code]).toEqual([403, 'auth/not_confirmed'])

  const code = await mailedCode(auth.url, person.email)
  expect((await post(auth.url, '/auth/confirm', { email: person.email, code })).status).toBe(204)

  const login = await post(auth.url, '/auth/login', { username: person.email, password: person.password })
  expect(login.status).toBe(200)
  expect(login.body).toEqual({ mfaSetupRequired: true, challenge: 'MFA_SETUP', flow: expect.any(String) })
  const { flow } = login.body

  const setup = await post(auth.url, '/auth/mfa/setup', { flow })
  expect(setup.body.uri).toMatch(/^otpauth:\/\/totp\/Balc%C3%A3o%3A.+\?secret=[A-Z2-7]+&issuer=Balc%C3%A3o$/)
  const again = await post(auth.url, '/auth/mfa/setup', { flow })
  expect(again.body).toEqual(setup.body)

  const app = new AuthenticatorApp(setup.body.secret, now)
  const verified = await post(auth.url, '/auth/mfa/setup/verify', { flow, code: app.nextCode(), deviceName: 'Celular' })
  expect(verified.status).toBe(200)
  expect(verified.body.tokens).toEqual({
    accessToken: expect.any(String),
    idToken: expect.any(String),
    refreshToken: expect.any(String),
    tokenType: 'Bearer',
    expiresIn: expect.any(Number),
  })

  const known = await me(verified.body.tokens.accessToken)
  expect(known.body).toEqual({
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    name: person.name,
    email: person.email,
    cpf: maskCpf(parseCpf(person.cpf)),
    mfaEnabled: true,
  })

  auth.clock.advance(30)
  const second = await post(auth.url, '/auth/login', { username: person.email, password: person.password })
  expect(second.body).toEqual({ mfaRequired: true, challenge: 'SOFTWARE_TOKEN_MFA' })
  const signedIn = await post(auth.url, '/auth/mfa', { username: person.email, code: app.nextCode() })
  expect(signedIn.status).toBe(200)

  const { refreshToken } = signedIn.body.tokens
  const refreshed = await post(auth.url, '/auth/refresh', { refreshToken })
  expect(refreshed.status).toBe(200)
  expect((await me(refreshed.body.tokens.accessToken)).body).toEqual(known.body)

  const out = await post(auth.url, '/auth/logout', { refreshToken: refreshed.body.tokens.refreshToken })
  expect(out.status).toBe(204)
  const late = await post(auth.url, '/auth/refresh', { refreshToken: refreshed.body.tokens.refreshToken })
  expect([late.status, late.body.code]).toEqual([401, 'auth/session_ended'])
  expect((await post(auth.url, '/auth/logout', { refreshToken: 'no such token' })).status).toBe(204)
})

it('gives no token without a second factor (D1-39)', async () => {
  const person = await registerPerson(auth.url)
  const login = await post(auth.url, '/auth/login', { username: person.email, password: person.password })
  expect(JSON.stringify(login.body)).not.toMatch(/token/i)
})

it('takes neither an id token nor a refresh token for an access token', async () => {
  const { tokens } = await signUpPerson(auth.url, { now })
  expect((await me(tokens.accessToken)).status).toBe(200)
  for (const wrong of [tokens.idToken, tokens.refreshToken, 'junk']) {
    const answer = await me(wrong)
    expect([answer.status, answer.body.detail]).toEqual([401, 'Invalid authentication credentials'])
  }
})

it('lets two tabs refresh at once', async () => {
  const { tokens } = await signUpPerson(auth.url, { now })
  const { refreshToken } = tokens
  const answers = await Promise.all(Array.from({ length: 4 }, () => post(auth.url, '/auth/refresh', { refreshToken })))
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200])
  const last = answers.at(-1)!.body.tokens.refreshToken
  expect((await post(auth.url, '/auth/refresh', { refreshToken: last })).status).toBe(200)
})

it('signs a person in again with the next code', async () => {
  const person = await signUpPerson(auth.url, { now })
  const tokens = await signIn(auth.url, person)
  expect((await me(tokens.accessToken)).body).toMatchObject({ email: person.email })
})

it('takes an e-mail in any capitals', async () => {
  const person = await registerPerson(auth.url)
  const username = person.email.toUpperCase()
  const login = await post(auth.url, '/auth/login', { username, password: person.password })
  expect(login.body).toMatchObject({ mfaSetupRequired: true })
})

it('tells SDKs where the pool is', async () => {
  const { region, pool, urls } = auth.platform.config
  const config = await (await fetch(`${auth.url}/auth/config`)).json()
  expect(config).toEqual({ region, userPoolId: pool.id, clientId: pool.publicClientId, endpoint: urls.userPool })
})

it('gives whoever signed up at the pool itself a row of their own at first sight', async () => {
  const person = await signUpPerson(auth.url, { now })
  await auth.platform.sql.run('truncate people, identities')
  expect((await me(person.tokens.accessToken)).body).toMatchObject({ email: person.email, cpf: null })
  const rows = await auth.platform.sql.query('select * from people p join identities i on i.person = p.id')
  expect(rows).toHaveLength(1)
})

import { authRoutes, Me, type Route } from '@balcao/contracts'
import { maskCpf, parseCpf } from '@balcao/kernel'
import { freePort, testApi, testPlatform } from '@balcao/testing'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ZodType } from 'zod'
import { authService } from '../src/index.ts'
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

it('D1-02, D1-15, D1-28: takes a person from nothing to a session with a second factor, and out again', async () => {
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
  expect((await me(refreshed.body.tokens.accessToken)).status).toBe(401)
  expect((await post(auth.url, '/auth/logout', { refreshToken: 'no such token' })).status).toBe(204)
})

it('D1-39: gives no token without a second factor', async () => {
  const person = await registerPerson(auth.url)
  const login = await post(auth.url, '/auth/login', { username: person.email, password: person.password })
  expect(JSON.stringify(login.body)).not.toMatch(/token/i)
})

it('D3-20, D3-22: takes neither an id token nor a refresh token for an access token', async () => {
  const { tokens } = await signUpPerson(auth.url, { now })
  expect((await me(tokens.accessToken)).status).toBe(200)
  const out = await post(auth.url, '/auth/logout', { refreshToken: tokens.accessToken })
  expect([out.status, out.body.code]).toEqual([400, 'auth/refresh_token_expected'])
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
  const { pool, urls } = auth.platform.config
  const { email, password } = newPerson()
  const ask = async (operation: string, body: Record<string, unknown>) => {
    const answer = await post(urls.userPool, '/', body, {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `AWSCognitoIdentityProviderService.${operation}`,
    })
    expect([operation, answer.status]).toEqual([operation, 200])
    return answer.body
  }
  const ClientId = pool.publicClientId
  await ask('SignUp', { ClientId, Username: email, Password: password })
  const ConfirmationCode = await mailedCode(auth.url, email)
  await ask('ConfirmSignUp', { ClientId, Username: email, ConfirmationCode })
  const AuthParameters = { USERNAME: email, PASSWORD: password }
  const login = await ask('InitiateAuth', { ClientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters })
  const begun = await ask('AssociateSoftwareToken', { Session: login.Session })
  const UserCode = new AuthenticatorApp(begun.SecretCode, now).nextCode()
  const { Session } = await ask('VerifySoftwareToken', { Session: begun.Session, UserCode })
  const ChallengeResponses = { USERNAME: login.ChallengeParameters.USER_ID_FOR_SRP }
  const setUp = { ClientId, ChallengeName: 'MFA_SETUP', Session, ChallengeResponses }
  const { AuthenticationResult } = await ask('RespondToAuthChallenge', setUp)

  const first = await me(AuthenticationResult.AccessToken)
  expect(first.body).toMatchObject({ email, name: '', cpf: null, mfaEnabled: true })
  expect((await me(AuthenticationResult.AccessToken)).body).toEqual(first.body)
  const rows = await auth.platform.sql.query('select 1 from identities where sub = $1', [first.body.id])
  expect(rows).toHaveLength(1)
})

it('D3-24: answers a second factor by another process than the one that asked for it', async () => {
  const person = await signUpPerson(auth.url, { now })
  const { config } = auth.platform
  const other = { ...config, ports: { ...config.ports, http: await freePort() } }
  const twin = await testPlatform(authService, { on: { ...auth.platform, config: other } })
  const api = await testApi(authService, twin, await authService.open(twin))
  try {
    await post(auth.url, '/auth/login', { username: person.email, password: person.password })
    const answer = { username: person.email, code: person.app.nextCode() }
    expect((await post(`http://127.0.0.1:${other.ports.http}`, '/auth/mfa', answer)).status).toBe(200)
  } finally {
    await api.close()
    await twin.close()
  }
})

it('answers as its contract says', async () => {
  const checked = async (name: keyof typeof authRoutes, body: unknown) => {
    const { path, answers }: Route = authRoutes[name]
    const answer = await post(auth.url, path, body)
    const shape = answers[answer.status]
    if (shape instanceof ZodType) expect(shape.parse(answer.body), name).toEqual(answer.body)
    else expect([shape, answer.body]).toEqual([null, undefined])
    return answer.body
  }
  const person = newPerson()
  await checked('register', person)
  await checked('confirm', { email: person.email, code: await mailedCode(auth.url, person.email) })
  await checked('resend', { email: person.email })
  const credentials = { username: person.email, password: person.password }
  const { flow } = await checked('login', credentials)
  const { secret } = await checked('mfaSetup', { flow })
  const app = new AuthenticatorApp(secret, now)
  await checked('mfaSetupVerify', { flow, code: app.nextCode() })
  await checked('login', credentials)
  const { tokens } = await checked('mfa', { username: person.email, code: app.nextCode() })
  const fresh = await checked('refresh', { refreshToken: tokens.refreshToken })
  expect(Me.parse((await me(fresh.tokens.accessToken)).body).email).toBe(person.email)
  await checked('logout', { refreshToken: fresh.tokens.refreshToken })
})

it('answers junk with a refusal, never with a failure', async () => {
  const text = fc.string({ unit: 'binary', maxLength: 40 })
  const junk = fc.dictionary(
    fc.constantFrom('username', 'password', 'code', 'flow', 'email', 'name', 'cpf', 'refreshToken', 'deviceName'),
    fc.oneof(text, fc.constantFrom('\0', 'A\0b', 'ａ１!Aa', '💥'), fc.jsonValue()),
    { maxKeys: 2 },
  )
  const right = { ...newPerson(), username: 'ninguem@exemplo.com.br', code: '123456', refreshToken: 'r' }
  const paths = Object.values(authRoutes).flatMap(({ method, path }) => (method === 'POST' ? [path] : []))
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...paths), junk, async (path, body) => {
      const { status } = await post(auth.url, path, { ...right, ...body })
      expect([path, status < 500]).toEqual([path, true])
    }),
    { numRuns: 100 },
  )
})

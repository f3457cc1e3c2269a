import fastifyCookie from '@fastify/cookie'
import { fastify } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { BrowserCookies } from '../src/interfaces/http/browser-cookies.ts'
import { Browser } from './browser.ts'
import { AuthenticatorApp, post, registerPerson, type SignedUpPerson, signUpPerson } from './person.ts'
import { type RunningAuth, startAuth } from './running-auth.ts'

let auth: RunningAuth
const now = () => auth.clock.now()

beforeAll(async () => {
  auth = await startAuth()
})
afterAll(() => auth.close())

const credentials = (person: { email: string; password: string }) => ({
  username: person.email,
  password: person.password,
})

async function someone(): Promise<SignedUpPerson> {
  const person = await signUpPerson(auth.url, { now })
  auth.clock.advance(60)
  return person
}

async function signedIn(person: SignedUpPerson): Promise<Browser> {
  const browser = new Browser(auth.url)
  await browser.post('/auth/login', credentials(person))
  const answer = await browser.post('/auth/mfa', { username: person.email, code: person.app.nextCode() })
  expect(answer.status).toBe(200)
  return browser
}

const wordOf = ({ status, body }: { status: number; body: { code: string } }) => `${status} ${body?.code}`

describe('a browser', () => {
  it('D3-22, D4-18: gets no refresh token in any body, but a cookie that no script can read', async () => {
    const person = await someone()
    const browser = new Browser(auth.url)
    const login = await browser.post('/auth/login', credentials(person))
    expect(login.body).toEqual({ mfaRequired: true, challenge: 'SOFTWARE_TOKEN_MFA' })
    expect(login.headers.getSetCookie()).toEqual([
      expect.stringMatching(
        /^balcao-[0-9a-f]{8}-flow=[0-9a-f]{64}; Max-Age=300; Path=\/auth; HttpOnly; SameSite=Strict$/,
      ),
    ])
    const answer = await browser.post('/auth/mfa', { username: person.email, code: person.app.nextCode() })
    expect(Object.keys(answer.body.tokens).sort()).toEqual(['accessToken', 'expiresIn', 'idToken', 'tokenType'])
    expect(answer.headers.get('cache-control')).toBe('no-store')
    const [refresh, flow] = answer.headers.getSetCookie()
    expect(refresh).toMatch(
      /^balcao-[0-9a-f]{8}-refresh=[^;]{20,}; Max-Age=2592000; Path=\/auth; HttpOnly; SameSite=Strict$/,
    )
    expect(flow).toMatch(/-flow=; .*Max-Age=0/)

    const refreshed = await browser.post('/auth/refresh')
    expect(refreshed.status).toBe(200)
    expect(refreshed.body.tokens).not.toHaveProperty('refreshToken')
  })

  it('enrols by its cookie, with no flow in the body', async () => {
    const person = await registerPerson(auth.url)
    const browser = new Browser(auth.url)
    const login = await browser.post('/auth/login', credentials(person))
    expect(login.body).toEqual({ mfaSetupRequired: true, challenge: 'MFA_SETUP' })
    expect(login.headers.getSetCookie()[0]).toContain('Max-Age=900')
    const both = await Promise.all([browser.post('/auth/mfa/setup'), browser.post('/auth/mfa/setup')])
    expect(both[0].body).toEqual(both[1].body)
    const app = new AuthenticatorApp(both[0].body.secret, now)
    const verified = await browser.post('/auth/mfa/setup/verify', { code: app.nextCode() })
    expect([verified.status, verified.body.tokens.refreshToken]).toEqual([200, undefined])
  })

  it('is the only one that can answer its own sign-in', async () => {
    const person = await someone()
    const browser = new Browser(auth.url)
    await browser.post('/auth/login', credentials(person))
    const stolen = { username: person.email, code: person.app.nextCode() }
    expect(wordOf(await new Browser(auth.url).post('/auth/mfa', stolen))).toBe('401 auth/mfa_session')
    expect(wordOf(await post(auth.url, '/auth/mfa', stolen))).toBe('401 auth/mfa_session')
    expect((await browser.post('/auth/mfa', stolen)).status).toBe(200)
  })

  it('keeps its sign-in whatever others who know the password begin', async () => {
    const person = await someone()
    const browser = new Browser(auth.url)
    await browser.post('/auth/login', credentials(person))
    await new Browser(auth.url).post('/auth/login', credentials(person))
    await post(auth.url, '/auth/login', credentials(person))
    const answer = await browser.post('/auth/mfa', { username: person.email, code: person.app.nextCode() })
    expect(answer.status).toBe(200)
  })

  it('may refresh in several tabs at once and stays signed in', async () => {
    const browser = await signedIn(await someone())
    const answers = await Promise.all([1, 2, 3].map(() => browser.post('/auth/refresh')))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
    expect((await browser.post('/auth/refresh')).status).toBe(200)
  })

  it('is signed out by the cookie, which is taken back', async () => {
    const browser = await signedIn(await someone())
    const kept = browser.cookieHeader()
    expect((await browser.post('/auth/logout')).status).toBe(204)
    expect(browser.cookies.size).toBe(0)
    expect(wordOf(await browser.post('/auth/refresh'))).toBe('401 auth/session_ended')
    const replayed = await post(auth.url, '/auth/refresh', {}, { origin: auth.url, cookie: kept })
    expect(wordOf(replayed)).toBe('401 auth/session_ended')
    expect(replayed.headers.getSetCookie()[0]).toMatch(/-refresh=; .*Max-Age=0/)
  })

  it('D3-22: does not refresh by a token in the body', async () => {
    const { tokens } = await signUpPerson(auth.url, { now })
    const answer = await new Browser(auth.url).post('/auth/refresh', { refreshToken: tokens.refreshToken })
    expect(wordOf(answer)).toBe('401 auth/session_ended')
  })
})

describe('another origin', () => {
  const sibling = () => auth.platform.config.urls.objectStore

  it.each(['/auth/login', '/auth/mfa', '/auth/mfa/setup', '/auth/refresh', '/auth/logout', '/auth/register'])(
    'gets nothing from POST %s',
    async (path) => {
      for (const origin of ['https://evil.example', 'null', sibling(), auth.url.replace('127.0.0.1', 'localhost')]) {
        const answer = await new Browser(auth.url, origin).post(path)
        expect(wordOf(answer)).toBe('403 auth/foreign_origin')
        expect(answer.headers.get('content-type')).toContain('application/problem+json')
        expect(answer.headers.get('access-control-allow-origin')).toBeNull()
        expect(answer.headers.getSetCookie()).toEqual([])
      }
    },
  )

  it('cannot use the cookies of a person who is signed in', async () => {
    const browser = await signedIn(await someone())
    const cookie = browser.cookieHeader()
    expect(wordOf(await post(auth.url, '/auth/refresh', {}, { cookie, origin: sibling() }))).toBe(
      '403 auth/foreign_origin',
    )
    expect(wordOf(await post(auth.url, '/auth/refresh', {}, { cookie }))).toBe('403 auth/origin_required')
    expect(wordOf(await post(auth.url, '/auth/logout', {}, { cookie }))).toBe('403 auth/origin_required')
    expect((await browser.post('/auth/refresh')).status).toBe(200)
  })

  it('reads nothing either, while our own page needs to name no origin to read', async () => {
    const { tokens } = await signUpPerson(auth.url, { now })
    const authorization = `Bearer ${tokens.accessToken}`
    const foreign = await fetch(`${auth.url}/auth/me`, { headers: { authorization, origin: sibling() } })
    expect(foreign.status).toBe(403)
    const cookie = (await signedIn(await someone())).cookieHeader()
    const own = await fetch(`${auth.url}/auth/me`, { headers: { authorization, cookie } })
    expect(own.status).toBe(200)
  })
})

it('marks cookies Secure on https and names them for each installation', async () => {
  const cookieAt = async (address: string): Promise<string> => {
    const urls = { ...auth.platform.config.urls, public: address }
    const cookies = new BrowserCookies({ urls, pool: auth.platform.config.pool })
    const app = fastify()
    await app.register(fastifyCookie)
    app.get('/', async (_, reply) => cookies.keepRefresh(reply, 'r'))
    const { headers } = await app.inject('/')
    return String(headers['set-cookie'])
  }
  const cookie = await cookieAt('https://balcao.example')
  expect(cookie).toMatch(/; HttpOnly; Secure; SameSite=Strict$/)
  expect((await cookieAt('https://balcao.example:8443')).split('=')[0]).not.toBe(cookie.split('=')[0])
})

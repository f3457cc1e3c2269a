import { ManualClock } from '@balcao/kernel'
import type { Platform } from '@balcao/platform'
import { testPlatform } from '@balcao/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { enrolments } from '../src/application/enrolments.ts'
import { mfaSessionId, mfaSessions } from '../src/application/mfa-sessions.ts'
import { Pseudonyms } from '../src/application/pseudonyms.ts'
import { authService } from '../src/index.ts'

const clock = new ManualClock()
const session = { challenge: 'SOFTWARE_TOKEN_MFA' as const, username: 'u', session: 's' }
let platform: Platform

beforeAll(async () => {
  platform = await testPlatform(authService, { clock })
})
afterAll(() => platform.close())

it('D4-17: keeps the session of a second factor for 300 s under mfa-session:{userId}', async () => {
  const sessions = mfaSessions(platform.cache)
  await sessions.save('user-1', session)
  expect(await platform.cache.get('mfa-session:user-1')).toContain('"session":"s"')
  clock.advance(299)
  expect(await sessions.get('user-1')).toEqual(session)
  clock.advance(2)
  expect(await sessions.get('user-1')).toBeUndefined()
})

it('keeps an enrolment for 900 s under mfa-setup:{flow}', async () => {
  const setups = enrolments(platform.cache)
  const enrolment = { account: 'a', username: 'u', session: 's', secret: 'ABC' }
  await setups.save('flow-1', enrolment)
  expect(await platform.cache.get('mfa-setup:flow-1')).toBeDefined()
  clock.advance(899)
  expect(await setups.get('flow-1')).toEqual(enrolment)
  clock.advance(2)
  expect(await setups.get('flow-1')).toBeUndefined()
})

it('forgets a session at the third wrong code, and a new sign-in starts to count anew', async () => {
  const sessions = mfaSessions(platform.cache)
  await sessions.save('user-2', session)
  await sessions.refused('user-2', 'auth/wrong_code')
  await sessions.refused('user-2', 'auth/code_used')
  expect(await sessions.get('user-2')).toEqual(session)
  await sessions.save('user-2', session)
  await sessions.refused('user-2', 'auth/wrong_code')
  await sessions.refused('user-2', 'auth/wrong_code')
  expect(await sessions.get('user-2')).toEqual(session)
  await sessions.refused('user-2', 'auth/wrong_code')
  expect(await sessions.get('user-2')).toBeUndefined()
})

it('costs no try when the pool did not answer, and ends at once when the pool knows the session no more', async () => {
  const sessions = mfaSessions(platform.cache)
  await sessions.save('user-3', session)
  for (let i = 0; i < 5; i++) await sessions.refused('user-3', 'auth/unavailable')
  expect(await sessions.get('user-3')).toEqual(session)
  await sessions.refused('user-3', 'auth/mfa_session')
  expect(await sessions.get('user-3')).toBeUndefined()
})

it('names users by an opaque word that is the same in any capitals, and browsers by one of their own', async () => {
  const names = new Pseudonyms(platform.secrets)
  const api = await mfaSessionId(names, 'Maria@Exemplo.com', undefined)
  const browser = await mfaSessionId(names, 'maria@exemplo.com', 'flow')
  expect(browser.startsWith(`${api}:`)).toBe(true)
  expect(browser).not.toMatch(/maria|flow/i)
  expect(await mfaSessionId(names, 'maria@exemplo.com', 'another')).not.toBe(browser)
})

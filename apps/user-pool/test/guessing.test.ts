import { afterAll, beforeAll, expect, test } from 'vitest'
import { appCode, RunningPool, refusalOf, refused } from './running-pool.ts'

let at: RunningPool
beforeAll(async () => {
  at = await RunningPool.start()
})
afterAll(() => at?.close())

const WRONG = 'Errada-2026!'
const INCORRECT = { name: 'NotAuthorizedException', message: 'Incorrect username or password.' }
const EXCEEDED = { name: 'NotAuthorizedException', message: 'Password attempts exceeded' }
const wrongCode = (secret: string) => {
  const near = [-2, -1, 0, 1, 2].map((late) => appCode(secret, at.clock, late))
  return ['000000', '000001', '000002', '000003', '000004', '000005'].find((code) => !near.includes(code))!
}

test('after five failures the account closes for 1, 2, 4 … seconds, up to fifteen minutes', async () => {
  const person = (await at.enrolledPerson()).from('192.0.2.1')
  for (let i = 0; i < 5; i++) expect(await refusalOf(person.password(WRONG))).toEqual(INCORRECT)
  for (const seconds of [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]) {
    at.clock.advance(seconds - 0.1)
    expect(await refusalOf(person.password())).toEqual(EXCEEDED)
    at.clock.advance(0.1)
    expect(await refusalOf(person.password(WRONG))).toEqual(INCORRECT)
  }
  at.clock.advance(900)
  await person.password()
  expect(await refusalOf(person.password(WRONG))).toEqual(INCORRECT)
})

test('of sixty guesses at once five are looked at', async () => {
  const person = (await at.enrolledPerson()).from('192.0.2.2')
  const answers = await Promise.all(Array.from({ length: 60 }, () => refusalOf(person.password(WRONG))))
  expect(answers.filter(({ message }) => message === INCORRECT.message)).toHaveLength(5)
  expect(answers.filter(({ message }) => message === EXCEEDED.message)).toHaveLength(55)
})

test('of sixty guesses at once at two processes five are looked at', async () => {
  const other = await at.another()
  const person = (await at.enrolledPerson()).from('192.0.2.22')
  const answers = await Promise.all(
    Array.from({ length: 60 }, (_, i) => refusalOf(person.password(WRONG, undefined, i % 2 ? other.url : undefined))),
  )
  expect(answers.filter(({ message }) => message === INCORRECT.message)).toHaveLength(5)
  await other.close()
})

test('sixteen right sign-ins of one account at once all go on', async () => {
  const person = (await at.enrolledPerson()).from('192.0.2.3')
  const answers = await Promise.all(Array.from({ length: 16 }, () => person.password()))
  expect(answers.every(({ ChallengeName }) => ChallengeName === 'SOFTWARE_TOKEN_MFA')).toBe(true)
})

test('a name that nobody has answers and locks like one that somebody has', async () => {
  const nobody = at.newPerson().from('192.0.2.4')
  for (let i = 0; i < 5; i++) expect(await refusalOf(nobody.password(WRONG))).toEqual(INCORRECT)
  expect(await refusalOf(nobody.password(WRONG))).toEqual(EXCEEDED)
})

test('codes are guessed at three times a session, and the account’s codes lock after five', async () => {
  const person = (await at.enrolledPerson()).from('192.0.2.5')
  const first = await person.password()
  const wrong = wrongCode(person.secret)
  for (let i = 0; i < 3; i++) expect(await refused(person.code(first.Session, wrong))).toBe('CodeMismatchException')
  const right = appCode(person.secret, at.clock)
  expect(await refused(person.code(first.Session, right))).toBe('NotAuthorizedException')

  const second = await person.password()
  for (let i = 0; i < 2; i++) expect(await refused(person.code(second.Session, wrong))).toBe('CodeMismatchException')
  expect(await refusalOf(person.code(second.Session, right))).toEqual(EXCEEDED)
})

test('a wrong code leaves the session open for the right one', async () => {
  const person = await at.enrolledPerson()
  const { Session } = await person.password()
  for (let i = 0; i < 2; i++) {
    expect(await refused(person.code(Session, wrongCode(person.secret)))).toBe('CodeMismatchException')
  }
  expect(await person.code(Session, appCode(person.secret, at.clock))).toHaveProperty('AuthenticationResult')
})

test('parallel guesses at a code share the three tries of their session', async () => {
  const person = (await at.enrolledPerson()).from('192.0.2.6')
  const { Session } = await person.password()
  const wrong = wrongCode(person.secret)
  const answers = await Promise.all(Array.from({ length: 30 }, () => refused(person.code(Session, wrong))))
  expect(answers.filter((name) => name === 'CodeMismatchException')).toHaveLength(3)
})

test('parallel guesses through many sessions share the account’s five', async () => {
  const person = (await at.enrolledPerson()).from('192.0.2.7')
  const sessions = await Promise.all(Array.from({ length: 10 }, () => person.password()))
  const wrong = wrongCode(person.secret)
  const answers = await Promise.all(sessions.map(({ Session }) => refused(person.code(Session, wrong))))
  expect(answers.filter((name) => name === 'CodeMismatchException')).toHaveLength(5)
})

test('a code works once: not for the next sign-in, not for two at the same time, and not after enrolling', async () => {
  const person = await at.confirmedPerson()
  await person.enrol()
  const reuse = async () => refused(person.code((await person.password()).Session, appCode(person.secret, at.clock)))
  expect(await reuse()).toBe('ExpiredCodeException')

  at.clock.advance(60)
  const sessions = await Promise.all(Array.from({ length: 4 }, () => person.password()))
  const code = appCode(person.secret, at.clock)
  const answers = await Promise.all(sessions.map(({ Session }) => refused(person.code(Session, code))))
  expect(answers.filter((name) => name === 'not refused')).toHaveLength(1)
})

test('the code of the next step may come early, and then the present one is over', async () => {
  const person = await at.enrolledPerson()
  const early = await person.password()
  await person.code(early.Session, appCode(person.secret, at.clock, 1))
  const late = await person.password()
  expect(await refused(person.code(late.Session, appCode(person.secret, at.clock)))).toBe('ExpiredCodeException')
})

test('a code two steps away is wrong', async () => {
  const person = await at.enrolledPerson()
  for (const late of [-2, 2]) {
    const { Session } = await person.password()
    expect(await refused(person.code(Session, appCode(person.secret, at.clock, late)))).toBe('CodeMismatchException')
  }
})

test('an address that failed a hundred times waits, whichever accounts it names; others do not', async () => {
  const person = await at.enrolledPerson()
  for (let i = 0; i < 25; i++) {
    const names = Array.from({ length: 4 }, () => at.newPerson().from('192.0.2.8'))
    await Promise.all(names.map((nobody) => refused(nobody.password(WRONG))))
  }
  expect(await refused(person.from('192.0.2.8').password())).toBe('TooManyRequestsException')
  await person.from('192.0.2.9').password()
  at.clock.advance(901)
  await person.from('192.0.2.8').password()
})

test('one subscriber of IPv6 is one address', async () => {
  await Promise.all(
    Array.from({ length: 100 }, (_, i) =>
      refused(
        at
          .newPerson()
          .from(`2001:db8:1:2::${(i + 1).toString(16)}`)
          .password(WRONG),
      ),
    ),
  )
  expect(await refused(at.newPerson().from('2001:db8:1:2:ffff::1').password(WRONG))).toBe('TooManyRequestsException')
  expect(await refused(at.newPerson().from('2001:db8:1:3::1').password(WRONG))).toBe('NotAuthorizedException')
})

test('the public client is not believed where it says the person is', async () => {
  const names = Array.from({ length: 101 }, () => at.newPerson())
  const said = (i: number) => ({ UserContextData: { IpAddress: `10.0.0.${i}` } })
  const ask = (email: string, i: number) =>
    at.sdk().initiateAuth({
      AuthFlow: 'USER_PASSWORD_AUTH',
      ClientId: at.pool.publicClientId,
      AuthParameters: { USERNAME: email, PASSWORD: WRONG },
      ...said(i),
    })
  const answers = await Promise.all(names.map(({ email }, i) => refused(ask(email, i))))
  expect(answers).toContain('TooManyRequestsException')
})

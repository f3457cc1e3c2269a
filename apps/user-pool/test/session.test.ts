import { afterAll, beforeAll, expect, test } from 'vitest'
import { appCode, RunningPool, refusalOf, refused } from './running-pool.ts'

let at: RunningPool
beforeAll(async () => {
  at = await RunningPool.start()
})
afterAll(() => at?.close())

const INVALID = { name: 'NotAuthorizedException', message: 'Invalid session for the user.' }

test('a made-up session opens nothing', async () => {
  const person = await at.enrolledPerson()
  const made = 'x'.repeat(43)
  expect(await refusalOf(person.code(made, appCode(person.secret, at.clock)))).toEqual(INVALID)
  expect(await refusalOf(person.finishSetup(made))).toEqual(INVALID)
  expect(await refusalOf(at.sdk().associateSoftwareToken({ Session: made }))).toEqual(INVALID)
  expect(await refusalOf(at.sdk().verifySoftwareToken({ Session: made, UserCode: '123456' }))).toEqual(INVALID)
})

test('a session of somebody else opens nothing, with either name or code', async () => {
  const [mine, theirs] = [await at.enrolledPerson(), await at.enrolledPerson()]
  const { Session } = await theirs.password()
  expect(await refusalOf(mine.code(Session, appCode(mine.secret, at.clock)))).toEqual(INVALID)
  expect(await refused(mine.code(Session, appCode(mine.secret, at.clock), theirs.email))).toBe('CodeMismatchException')
})

test('a session of another client opens nothing', async () => {
  const person = await at.enrolledPerson()
  const code = appCode(person.secret, at.clock)
  const elsewhere = person.from('192.0.2.1')
  expect(await refusalOf(elsewhere.code((await person.password()).Session, code))).toEqual(INVALID)
  expect(await refusalOf(person.code((await elsewhere.password()).Session, code))).toEqual(INVALID)
})

test('a session is used up by success, also by two answers at once', async () => {
  const person = await at.enrolledPerson()
  const { Session } = await person.password()
  await person.code(Session, appCode(person.secret, at.clock))
  at.clock.advance(30)
  expect(await refusalOf(person.code(Session, appCode(person.secret, at.clock)))).toEqual(INVALID)

  at.clock.advance(60)
  const next = await person.password()
  const codes = [0, 1].map((late) => appCode(person.secret, at.clock, late))
  const answers = await Promise.all(codes.map((code) => refused(person.code(next.Session, code))))
  expect(answers.filter((name) => name === 'not refused')).toHaveLength(1)
})

test('a session for a code lasts five minutes, one for enrolling fifteen', async () => {
  const person = await at.enrolledPerson()
  const { Session } = await person.password()
  at.clock.advance(301)
  expect(await refusalOf(person.code(Session, appCode(person.secret, at.clock)))).toEqual(INVALID)

  const newcomer = await at.confirmedPerson()
  const first = await newcomer.password()
  at.clock.advance(890)
  const second = await at.sdk().associateSoftwareToken({ Session: first.Session })
  at.clock.advance(11)
  const UserCode = appCode(second.SecretCode!, at.clock)
  expect(await refusalOf(at.sdk().verifySoftwareToken({ Session: second.Session, UserCode }))).toEqual(INVALID)
})

test('D1-39: no step of enrolling can be left out', async () => {
  const person = await at.confirmedPerson()
  const sdk = at.sdk()
  const first = await person.password()
  expect(await refusalOf(person.finishSetup(first.Session))).toEqual(INVALID)
  expect(await refusalOf(person.code(first.Session, '123456'))).toEqual(INVALID)
  expect(await refusalOf(sdk.verifySoftwareToken({ Session: first.Session, UserCode: '123456' }))).toEqual(INVALID)

  const second = await sdk.associateSoftwareToken({ Session: first.Session })
  expect(await refusalOf(person.finishSetup(second.Session))).toEqual(INVALID)
  expect(await refusalOf(sdk.associateSoftwareToken({ Session: first.Session }))).toEqual(INVALID)

  const UserCode = appCode(second.SecretCode!, at.clock)
  const third = await sdk.verifySoftwareToken({ Session: second.Session, UserCode })
  expect(await refusalOf(sdk.verifySoftwareToken({ Session: second.Session, UserCode }))).toEqual(INVALID)
  expect(await refusalOf(sdk.associateSoftwareToken({ Session: third.Session }))).toEqual(INVALID)
  expect(await person.finishSetup(third.Session)).toHaveProperty('AuthenticationResult')
  expect(await refusalOf(person.finishSetup(third.Session))).toEqual(INVALID)
})

test('the session of an enrolment answers no second factor that exists, nor the other way round', async () => {
  const person = await at.confirmedPerson()
  const begun = await person.password()
  await person.enrol()
  at.clock.advance(60)
  // Whoever knew the password before the owner enrolled does not enrol an app of their own afterwards.
  const associated = await at.sdk().associateSoftwareToken({ Session: begun.Session })
  const UserCode = appCode(associated.SecretCode!, at.clock)
  expect(await refusalOf(at.sdk().verifySoftwareToken({ Session: associated.Session, UserCode }))).toEqual(INVALID)
  const answered = await person.password()
  expect(await refusalOf(at.sdk().associateSoftwareToken({ Session: answered.Session }))).toEqual(INVALID)
})

test('two sign-ins that enrol at once do not mix up their secrets, and one of them wins', async () => {
  const person = await at.confirmedPerson()
  const enrolments = await Promise.all(
    [1, 2].map(async () => {
      const { Session } = await person.password()
      return at.sdk().associateSoftwareToken({ Session })
    }),
  )
  const answers = await Promise.all(
    enrolments.map(({ SecretCode, Session }) =>
      refused(at.sdk().verifySoftwareToken({ Session, UserCode: appCode(SecretCode!, at.clock) })),
    ),
  )
  expect(answers.sort()).toEqual(['NotAuthorizedException', 'not refused'])
})

test('an enrolment stands three wrong codes', async () => {
  const person = await at.confirmedPerson()
  const { Session } = await person.password()
  const second = await at.sdk().associateSoftwareToken({ Session })
  const verify = (UserCode: string) => refused(at.sdk().verifySoftwareToken({ Session: second.Session, UserCode }))
  const right = appCode(second.SecretCode!, at.clock)
  const wrong = appCode(second.SecretCode!, at.clock, 5)
  for (let i = 0; i < 3; i++) expect(await verify(wrong)).toBe('EnableSoftwareTokenMFAException')
  expect(await verify(right)).toBe('NotAuthorizedException')
  expect(await refusalOf(at.sdk().associateSoftwareToken({ Session: second.Session }))).toEqual(INVALID)
})

test('somebody signed in a moment ago replaces the app; a session of theirs cannot be made from the token', async () => {
  const person = await at.enrolledPerson()
  const { AccessToken } = await person.signIn()
  const { SecretCode } = await at.sdk().associateSoftwareToken({ AccessToken })
  const { origin_jti } = JSON.parse(Buffer.from(AccessToken!.split('.')[1]!, 'base64url').toString())
  const UserCode = appCode(SecretCode!, at.clock)
  for (const Session of [origin_jti, `origin_jti ${origin_jti}`]) {
    expect(await refusalOf(at.sdk().verifySoftwareToken({ Session, UserCode }))).toEqual(INVALID)
  }
  await at.sdk().verifySoftwareToken({ AccessToken, UserCode })
  at.clock.advance(60)
  const old = person.secret
  const { Session } = await person.password()
  expect(await refused(person.code(Session, appCode(old, at.clock)))).toBe('CodeMismatchException')
  expect(await person.code(Session, appCode(SecretCode!, at.clock))).toHaveProperty('AuthenticationResult')
})

test('a sign-in more than five minutes old does not change the second factor', async () => {
  const person = await at.enrolledPerson()
  const { AccessToken } = await person.signIn()
  at.clock.advance(300)
  expect(await refused(at.sdk().associateSoftwareToken({ AccessToken }))).toBe('NotAuthorizedException')
})

test('whoever was disabled while signing in does not get in', async () => {
  const person = await at.enrolledPerson()
  const { Session } = await person.password()
  await at.platform.sql.run('update users set enabled = false where sub = $1', [person.sub])
  expect(await refusalOf(person.code(Session, appCode(person.secret, at.clock)))).toEqual(INVALID)
  expect(await refusalOf(person.password())).toEqual({ name: 'NotAuthorizedException', message: 'User is disabled.' })
})

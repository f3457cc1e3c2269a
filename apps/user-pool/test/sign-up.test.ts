import { afterAll, beforeAll, expect, test } from 'vitest'
import { PASSWORD, RunningPool, refusalOf, refused } from './running-pool.ts'

let at: RunningPool
beforeAll(async () => {
  at = await RunningPool.start()
})
afterAll(() => at?.close())

const wrong = (code: string) => (code === '000000' ? '000001' : '000000')

test.each(['Curta1!', 'onze letras', '😀😀😀😀😀😀'])('the password %s is too short', async (password) => {
  expect(await refusalOf(at.newPerson().signUp(password))).toEqual({
    name: 'InvalidPasswordException',
    message: 'Password did not conform with policy: Password not long enough',
  })
})

test('a password may be a phrase with spaces', async () => {
  expect(await refused(at.newPerson().signUp('uma frase inteira'))).toBe('not refused')
})

test('a username that is no e-mail is refused', async () => {
  const call = at.sdk().signUp({ ClientId: at.pool.publicClientId, Username: 'fulano', Password: PASSWORD })
  expect(await refusalOf(call)).toEqual({
    name: 'InvalidParameterException',
    message: 'Username should be an email.',
  })
})

test('nobody declares their own e-mail verified, or another e-mail than the username', async () => {
  const person = at.newPerson()
  const base = { ClientId: at.pool.publicClientId, Username: person.email, Password: PASSWORD }
  const attempt = (Name: string, Value: string) =>
    refused(at.sdk().signUp({ ...base, UserAttributes: [{ Name, Value }] }))
  expect(await attempt('email_verified', 'true')).toBe('NotAuthorizedException')
  expect(await attempt('sub', 'eu')).toBe('NotAuthorizedException')
  expect(await attempt('email', 'outra@exemplo.com.br')).toBe('InvalidParameterException')
})

test('of two that sign up with one e-mail at once, one gets it', async () => {
  const person = at.newPerson()
  const results = await Promise.all(Array.from({ length: 4 }, () => refused(person.signUp())))
  expect(results.sort()).toEqual([...Array(3).fill('UsernameExistsException'), 'not refused'])
})

test('without a confirmed e-mail the right password does not sign in, and a wrong one does not tell', async () => {
  const person = at.newPerson()
  await person.signUp()
  expect(await refused(person.password())).toBe('UserNotConfirmedException')
  expect(await refused(person.password('Errada-2026!'))).toBe('NotAuthorizedException')
})

test('a code stands three wrong tries, and then not even the right one', async () => {
  const person = at.newPerson()
  await person.signUp()
  const code = await at.mailedCode(person.email)
  for (let i = 0; i < 3; i++) expect(await refused(person.confirm(wrong(code)))).toBe('CodeMismatchException')
  expect(await refused(person.confirm(code))).toBe('ExpiredCodeException')
})

test('parallel guesses at a code share its three tries', async () => {
  const person = at.newPerson()
  await person.signUp()
  const code = await at.mailedCode(person.email)
  const results = await Promise.all(Array.from({ length: 30 }, () => refused(person.confirm(wrong(code)))))
  expect(results.filter((name) => name === 'CodeMismatchException')).toHaveLength(3)
})

test('the newest code kills the older, and works once', async () => {
  const person = at.newPerson()
  await person.signUp()
  const older = await at.mailedCode(person.email)
  at.clock.advance(61)
  await person.resend()
  const newest = await at.mailedCode(person.email, 2)
  if (older !== newest) expect(await refused(person.confirm(older))).toBe('CodeMismatchException')
  await person.confirm(newest)
  expect(await refused(person.confirm(newest))).not.toBe('not refused')
})

test('a code is good for a day', async () => {
  const person = at.newPerson()
  await person.signUp()
  const code = await at.mailedCode(person.email)
  at.clock.advance(24 * 3600 + 1)
  expect(await refused(person.confirm(code))).toBe('ExpiredCodeException')
})

test('one code a minute and five an hour are sent', async () => {
  const person = at.newPerson()
  await person.signUp()
  expect(await refused(person.resend())).toBe('LimitExceededException')
  for (let i = 0; i < 4; i++) {
    at.clock.advance(61)
    await person.resend()
  }
  at.clock.advance(61)
  expect(await refused(person.resend())).toBe('LimitExceededException')
  at.clock.advance(3600)
  await person.resend()
  await at.mailedCode(person.email, 6)
})

test('a name that has no account, and one that is confirmed, answer like one that waits for its code', async () => {
  const nobody = at.newPerson()
  const confirmed = await at.confirmedPerson()
  const waiting = at.newPerson()
  await waiting.signUp()
  at.clock.advance(61)
  const answers = []
  for (const person of [nobody, confirmed, waiting]) {
    const first = await person.resend()
    answers.push({
      delivery: first.CodeDeliveryDetails,
      again: await refusalOf(person.resend()),
      guesses: [
        await refusalOf(person.confirm('12345x')),
        await refusalOf(person.confirm('12345x')),
        await refusalOf(person.confirm('12345x')),
        await refusalOf(person.confirm('12345x')),
      ],
    })
  }
  expect(answers[0]).toEqual(answers[2])
  expect(answers[1]).toEqual(answers[2])
  expect(await at.mails(nobody.email)).toEqual([])
  expect(await at.mails(confirmed.email)).toHaveLength(1)
})

test('a made-up destination is always the same for a name', async () => {
  const ask = async (Username: string) => {
    const answer = await at.sdk().resendConfirmationCode({ ClientId: at.pool.publicClientId, Username })
    return answer.CodeDeliveryDetails!.Destination
  }
  const name = '6f9619ff-8b86-4011-b42d-00cf4fc964ff'
  const first = await ask(name)
  at.clock.advance(61)
  expect(await ask(name)).toBe(first)
  expect(first).toMatch(/^[a-z]\*\*\*@[a-z]\*\*\*$/)
})

test('one address signs up a hundred accounts an hour at most', async () => {
  const { sql } = at.platform
  await at.newPerson().from('198.51.100.9').signUp()
  // The address stands there under a pseudonym; of the rows of this hour, it is the newest with one sign-up.
  await sql.run('update address_windows set count = 100 where count = 1')
  expect(await refused(at.newPerson().from('198.51.100.9').signUp())).toBe('TooManyRequestsException')
  await at.newPerson().from('198.51.100.10').signUp()
  at.clock.advance(3601)
  await at.newPerson().from('198.51.100.9').signUp()
})

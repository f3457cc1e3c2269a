import fc from 'fast-check'
import { Secret, TOTP } from 'otpauth'
import { expect, test } from 'vitest'
import { base32, matchingStep, totp } from './totp.ts'

test('D1-30: the codes of RFC 6238, appendix B (its last six digits)', () => {
  const secret = Buffer.from('12345678901234567890')
  const vectors: [number, string][] = [
    [59, '287082'],
    [1111111109, '081804'],
    [1111111111, '050471'],
    [1234567890, '005924'],
    [2000000000, '279037'],
    [20000000000, '353130'],
  ]
  for (const [seconds, code] of vectors) expect(totp(secret, Math.floor(seconds / 30))).toBe(code)
})

test('whatever the secret and the moment, an authenticator app shows the code that is expected', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 16, maxLength: 40 }),
      fc.date({ min: new Date(0), max: new Date('2200-01-01'), noInvalidDate: true }),
      fc.integer({ min: -1, max: 1 }),
      (bytes, now, late) => {
        const secret = Buffer.from(bytes)
        const app = new TOTP({ secret: Secret.fromBase32(base32(secret)) })
        const moment = new Date(now.getTime() + 30_000)
        const code = app.generate({ timestamp: moment.getTime() + late * 30_000 })
        expect(matchingStep(secret, code, moment)).toBeDefined()
      },
    ),
  )
})

test('a code that is too short, too long or no number matches nothing', () => {
  const secret = Buffer.from('12345678901234567890')
  const now = new Date(59_000)
  expect(matchingStep(secret, '287082', now)).toBe(1)
  for (const code of ['', '28708', '2870820', ' 287082', '28708x', '２８７０８２']) {
    expect(matchingStep(secret, code, now)).toBeUndefined()
  }
})

test('base32 as in RFC 4648 §10, without padding', () => {
  const vectors = {
    '': '',
    f: 'MY',
    fo: 'MZXQ',
    foo: 'MZXW6',
    foob: 'MZXW6YQ',
    fooba: 'MZXW6YTB',
    foobar: 'MZXW6YTBOI',
  }
  for (const [text, encoded] of Object.entries(vectors)) expect(base32(Buffer.from(text))).toBe(encoded)
})

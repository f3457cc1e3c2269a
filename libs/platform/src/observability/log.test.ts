import { Socket } from 'node:net'
import { AppError } from '@balcao/kernel'
import fc from 'fast-check'
import type { Logger } from 'pino'
import { beforeEach, describe, expect, it } from 'vitest'
import { createLog } from './log.ts'
import { redact, redactText } from './redact.ts'

const JWT = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl'

describe('the log', () => {
  let lines: string[]
  let log: Logger
  beforeEach(() => {
    lines = []
    log = createLog({ logLevel: 'info' }, { write: (line: string) => void lines.push(line) })
  })
  const last = () => JSON.parse(lines.at(-1)!)

  it('D2-31: writes one JSON object a line with level, time and message', () => {
    log.info({ video: 'v1', size: 12, ok: true, none: null, at: new Date(0) }, 'uploaded')
    const { time, ...rest } = last()
    expect(rest).toEqual({
      level: 'info',
      pid: process.pid,
      video: 'v1',
      size: 12,
      ok: true,
      none: null,
      at: '1970-01-01T00:00:00.000Z',
      msg: 'uploaded',
    })
    expect(new Date(time).toISOString()).toBe(time)
  })

  it('is silent below its level', () => {
    log.debug('nothing')
    expect(lines).toEqual([])
  })

  const secrets: [string, (log: Logger, secret: string) => void][] = [
    ['a message', (to, secret) => to.info(`got ${secret} here`)],
    ['a message with values', (to, secret) => to.info({}, 'got %s', secret)],
    ['a message with an object', (to, secret) => to.info('got %o', { deep: secret })],
    ['a field', (to, secret) => to.info({ field: secret }, 'x')],
    ['a field deep inside', (to, secret) => to.info({ a: { b: [{ c: `x ${secret}` }] } }, 'x')],
    ['a name', (to, secret) => to.info({ [secret]: 1 }, 'x')],
    ['a map', (to, secret) => to.info({ map: new Map([['k', secret]]) }, 'x')],
    ['a bare error', (to, secret) => to.error(new Error(`bad ${secret}`))],
    ['an error with a message', (to, secret) => to.error(new Error(`bad ${secret}`), 'failed')],
    ['an error in a field', (to, secret) => to.error({ err: new Error(`bad ${secret}`) }, 'failed')],
    ["an error's cause", (to, secret) => to.error({ err: new Error('a', { cause: new Error(secret) }) }, 'failed')],
    [
      "an error's own fields",
      (to, secret) => to.error({ err: Object.assign(new Error('a'), { detail: secret }) }, 'x'),
    ],
    [
      "an AppError's details",
      (to, secret) => to.error({ err: new AppError('invalid', 'a/b', 'c', { x: secret }) }, 'x'),
    ],
    ["a child's fields", (to, secret) => to.child({ who: secret }).info('x')],
    [
      "a child's child's fields",
      (to, secret) =>
        to
          .child({ a: 1 })
          .child({ who: { deep: secret } })
          .info('x'),
    ],
    ['a message of a child', (to, secret) => to.child({ a: 1 }).info(`got ${secret}`)],
  ]
  describe.each(secrets)('in %s', (_, write) => {
    it.each([
      '529.982.247-25',
      '52998224725',
      'ana.souza+x@mail.example.com.br',
      JWT,
      'Bearer abc.def-123',
      'postgresql://balcao:hunter22@db/balcao',
      'http://s/b/k?X-Amz-Signature=0a1b2c3d&x=1',
      'password=hunter22',
      'code: 123456',
    ])('does not show %s', (secret) => {
      write(log, secret)
      expect(lines).toHaveLength(1)
      const hidden = secret.match(/529.*25|ana\.souza|eyJ\S+|abc\.def-123|hunter22|0a1b2c3d|123456/)![0]
      expect(lines[0]).not.toContain(hidden)
    })
  })

  it.each([
    'password',
    'newPassword',
    'code',
    'user_code',
    'clientSecret',
    'SecretHash',
    'authorization',
    'Cookie',
    'set-cookie',
    'accessToken',
    'refresh_token',
    'Session',
    'cpf',
    'email',
    'USER_POOL_SECRET_ACCESS_KEY',
  ])('hides whatever is called %s', (name) => {
    log.info({ body: { [name]: 'abc', nested: { [name]: { deep: 'abc' } } } }, 'x')
    expect(lines[0]).not.toContain('abc')
    expect(last().body[name]).toBe('[hidden]')
  })

  it('keeps what helps: which error it was, where, and ordinary numbers', () => {
    log.error(
      {
        err: Object.assign(new Error('no such file'), { code: 'ENOENT' }),
        job: '0190a1b2-1234-7abc-8def-123456789012',
      },
      'failed',
    )
    expect(last()).toMatchObject({
      err: { type: 'Error', message: 'no such file', code: 'ENOENT' },
      job: '0190a1b2-1234-7abc-8def-123456789012',
    })
    expect(last().err.stack).toContain('log.test.ts')
    log.warn({ code: 'auth/invalid_token', status: 401, size: 11111111111, at: 1763729000000 }, 'exited with code 1')
    expect(last()).toMatchObject({
      code: 'auth/invalid_token',
      status: 401,
      size: 11111111111,
      at: 1763729000000,
      msg: 'exited with code 1',
    })
  })

  it('survives what cannot be written', () => {
    const ring: Record<string, unknown> = { n: 1n, bytes: Buffer.from('secret'), f: () => 1 }
    ring.self = ring
    log.info(ring, 'x')
    expect(last()).toMatchObject({ n: '1', bytes: '[6 bytes]' })
  })

  it('writes no more than its name of an object that hangs on others, and a URL as text', () => {
    log.info({ socket: new Socket(), url: new URL('http://a:b@c/?code=123456') }, 'x')
    expect(last()).toMatchObject({ socket: '[Socket]', url: 'http://[credentials]@c/?code=[hidden]' })
  })

  it('leaves the object that was logged as it was', () => {
    const body = { password: 'abc', list: ['52998224725'] }
    redact(body)
    expect(body).toEqual({ password: 'abc', list: ['52998224725'] })
  })

  it('lets no right CPF through, in any punctuation and surroundings', () => {
    const digit = (digits: string) => {
      const sum = [...digits].reduce((total, d, i) => total + Number(d) * (digits.length + 1 - i), 0)
      return String(((sum * 10) % 11) % 10)
    }
    const cpf = fc
      .integer({ min: 1, max: 999_999_998 })
      .map((n) => String(n).padStart(9, '0'))
      .filter((base) => !/^(\d)\1+$/.test(base))
      .map((base) => base + digit(base) + digit(base + digit(base)))
    const around = fc.constantFrom('', ' ', '"', '(', ': ', '/', '=')
    fc.assert(
      fc.property(cpf, around, around, fc.boolean(), (digits, before, after, punctuated) => {
        const written = punctuated ? digits.replace(/(...)(...)(...)(..)/, '$1.$2.$3-$4') : digits
        return !redactText(`x${before || ' '}${written}${after}`).includes(written)
      }),
    )
  })
})

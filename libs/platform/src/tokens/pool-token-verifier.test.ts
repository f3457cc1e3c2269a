import { createHmac, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import { ManualClock } from '@balcao/kernel'
import { SignJWT, UnsecuredJWT } from 'jose'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Config } from '../config/config.ts'
import { PoolTokenVerifier } from './pool-token-verifier.ts'

const POOL = 'sa-east-1_abcdefghi'
const keyPair = () => generateKeyPairSync('rsa', { modulusLength: 2048 })
const [key, otherKey] = [keyPair(), keyPair()]
const jwk = (kid: string, publicKey: KeyObject) => ({
  ...publicKey.export({ format: 'jwk' }),
  kid,
  alg: 'RS256',
  use: 'sig',
})

describe('the token verifier', () => {
  const clock = new ManualClock('2026-03-01T12:00:00Z')
  const now = () => Math.floor(clock.now().getTime() / 1000)
  let server: Server
  let issuer: string
  let verifier: PoolTokenVerifier
  let published: string
  let fetches: number

  beforeEach(async () => {
    published = JSON.stringify({ keys: [jwk('k1', key.publicKey)] })
    fetches = 0
    server = createServer((request, response) => {
      fetches++
      if (request.url !== `/${POOL}/.well-known/jwks.json`) response.statusCode = 404
      response.end(published)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const userPool = `http://127.0.0.1:${(server.address() as { port: number }).port}`
    issuer = `${userPool}/${POOL}`
    const pool = { id: POOL, clientId: 'aaa', publicClientId: 'bbb' }
    verifier = new PoolTokenVerifier({ urls: { userPool }, pool } as Config, clock)
  })
  afterEach(() => new Promise((resolve) => server.close(resolve)))

  const claims = (over: Record<string, unknown> = {}) => ({
    sub: '6f9619ff-8b86-4d01-b42d-00cf4fc964ff',
    username: 'ana',
    iss: issuer,
    client_id: 'aaa',
    token_use: 'access',
    auth_time: now() - 60,
    iat: now(),
    exp: now() + 3600,
    ...over,
  })
  const sign = (over?: Record<string, unknown>, { kid = 'k1', alg = 'RS256', by = key.privateKey } = {}) =>
    new SignJWT(claims(over)).setProtectedHeader({ alg, kid }).sign(by)
  const refusal = { kind: 'unauthenticated', code: 'auth/invalid_token', message: 'Invalid authentication credentials' }

  it('D3-18: says who an access token speaks for', async () => {
    expect(await verifier.verify(await sign({ 'cognito:groups': ['operadores'] }))).toEqual({
      userId: '6f9619ff-8b86-4d01-b42d-00cf4fc964ff',
      username: 'ana',
      clientId: 'aaa',
      groups: ['operadores'],
      authTime: new Date('2026-03-01T11:59:00Z'),
      expiresAt: new Date('2026-03-01T13:00:00Z'),
    })
  })

  it('takes both clients of the pool, and knows no groups where there are none', async () => {
    expect(await verifier.verify(await sign({ client_id: 'bbb' }))).toMatchObject({ clientId: 'bbb', groups: [] })
  })

  it.each([
    ['of another issuer', { iss: 'http://127.0.0.1:1/sa-east-1_abcdefghi' }],
    ['of another pool at the same address', { iss: 'other' }],
    ['for another client', { client_id: 'ccc' }],
    ['without a client', { client_id: undefined }],
    ['that identifies instead of giving access', { token_use: 'id', aud: 'aaa' }],
    ['without a person', { sub: undefined }],
    ['without an end', { exp: undefined }],
    ['that is not valid yet', { nbf: 4_000_000_000 }],
  ])('refuses a token %s', async (_, over) => {
    await expect(verifier.verify(await sign(over))).rejects.toMatchObject(refusal)
  })

  it('D3-25: refuses a token from the second on in which it expires', async () => {
    const token = await sign({ exp: now() + 10 })
    clock.advance(9)
    await verifier.verify(token)
    clock.advance(1)
    await expect(verifier.verify(token)).rejects.toMatchObject(refusal)
  })

  it('D3-25: refuses a token signed with another key', async () => {
    await expect(verifier.verify(await sign({}, { by: otherKey.privateKey }))).rejects.toMatchObject(refusal)
  })

  it('refuses a token whose claims were changed after signing', async () => {
    const [header, , signature] = (await sign()).split('.')
    const changed = Buffer.from(JSON.stringify(claims({ sub: 'someone-else' }))).toString('base64url')
    await expect(verifier.verify(`${header}.${changed}.${signature}`)).rejects.toMatchObject(refusal)
  })

  it('D3-25: refuses a token without a signature (alg none)', async () => {
    const unsecured = new UnsecuredJWT(claims()).encode()
    await expect(verifier.verify(unsecured)).rejects.toMatchObject(refusal)
    const header = Buffer.from(JSON.stringify({ alg: 'none', kid: 'k1' })).toString('base64url')
    await expect(verifier.verify(`${header}.${unsecured.split('.')[1]}.`)).rejects.toMatchObject(refusal)
  })

  it('D3-25: refuses a token signed with the public key as if it were a shared secret (HS256)', async () => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const body = `${part({ alg: 'HS256', kid: 'k1' })}.${part(claims())}`
    const pem = key.publicKey.export({ type: 'spki', format: 'pem' })
    const signature = createHmac('sha256', pem).update(body).digest('base64url')
    await expect(verifier.verify(`${body}.${signature}`)).rejects.toMatchObject(refusal)
  })

  it('takes RS256 only', async () => {
    published = JSON.stringify({ keys: [{ ...jwk('k1', key.publicKey), alg: undefined }] })
    await expect(verifier.verify(await sign({}, { alg: 'RS512' }))).rejects.toMatchObject(refusal)
    await verifier.verify(await sign())
  })

  it.each(['', 'x', 'a.b.c', 'eyJhbGciOiJSUzI1NiJ9..', '...', '\u0000'])('refuses %j', async (garbage) => {
    await expect(verifier.verify(garbage)).rejects.toMatchObject(refusal)
  })

  it('refuses a huge token without asking anybody about it', async () => {
    await expect(verifier.verify(await sign({ pad: 'x'.repeat(10_000) }))).rejects.toMatchObject(refusal)
    expect(fetches).toBe(0)
  })

  it('fetches the keys once for all tokens', async () => {
    const tokens = await Promise.all([sign(), sign(), sign({ client_id: 'bbb' })])
    await Promise.all(tokens.map((token) => verifier.verify(token)))
    await verifier.verify(tokens[0]!)
    expect(fetches).toBe(1)
  })

  it('fetches them again for a key that is new, but not for each that is made up', async () => {
    await verifier.verify(await sign())
    published = JSON.stringify({ keys: [jwk('k1', key.publicKey), jwk('k2', otherKey.publicKey)] })
    await verifier.verify(await sign({}, { kid: 'k2', by: otherKey.privateKey }))
    expect(fetches).toBe(2)
    for (const kid of ['x1', 'x2', 'x3', 'x4']) {
      await expect(verifier.verify(await sign({}, { kid }))).rejects.toMatchObject(refusal)
    }
    expect(fetches).toBe(3)
    await verifier.verify(await sign())
  })

  it('says that the pool is away, rather than that the token is bad, and mends itself', async () => {
    const token = await sign()
    const keys = published
    published = 'x'.repeat(100_000)
    await expect(verifier.verify(token)).rejects.toMatchObject({ kind: 'unavailable', code: 'auth/keys_unreachable' })
    published = keys
    await verifier.verify(token)
  })
})

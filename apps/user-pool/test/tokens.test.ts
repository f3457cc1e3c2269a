import { createHmac, generateKeyPairSync, randomUUID, sign } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Person, RunningPool, refusalOf, refused } from './running-pool.ts'

let at: RunningPool
beforeAll(async () => {
  at = await RunningPool.start()
})
afterAll(() => at?.close())

const decode = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString())
const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
const getUser = (AccessToken: string) => at.sdk().getUser({ AccessToken })
const INVALID = { name: 'NotAuthorizedException', message: 'Invalid Access Token' }

test('GetUser takes no id token, refresh token, altered or unsigned token', async () => {
  const person = await at.enrolledPerson()
  const { AccessToken, IdToken, RefreshToken } = await person.signIn()
  const [header, payload, signature] = AccessToken!.split('.') as [string, string, string]
  const claims = decode(payload)
  const admin = encode({ ...claims, sub: randomUUID() })
  const tokens = [
    IdToken!,
    RefreshToken!,
    `${header}.${admin}.${signature}`,
    `${header}.${payload}.`,
    `${header}.${payload}`,
    `${encode({ ...decode(header), alg: 'none' })}.${payload}.`,
    `${encode({ ...decode(header), alg: 'none' })}.${payload}.${signature}`,
    `${AccessToken}.${signature}`,
    'a.b.c',
  ]
  for (const token of tokens) expect(await refusalOf(getUser(token))).toEqual(INVALID)
})

test('GetUser takes no token of another key, also under our key’s name, and none signed with our public key', async () => {
  const person = await at.enrolledPerson()
  const { AccessToken } = await person.signIn()
  const [header, payload] = AccessToken!.split('.') as [string, string]
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const foreign = sign('sha256', Buffer.from(`${header}.${payload}`), privateKey).toString('base64url')
  expect(await refusalOf(getUser(`${header}.${payload}.${foreign}`))).toEqual(INVALID)

  const jwks = await (await fetch(`${at.url}/${at.pool.id}/.well-known/jwks.json`)).json()
  const confused = encode({ ...decode(header), alg: 'HS256' })
  const mac = createHmac('sha256', JSON.stringify(jwks.keys[0])).update(`${confused}.${payload}`).digest('base64url')
  expect(await refusalOf(getUser(`${confused}.${payload}.${mac}`))).toEqual(INVALID)
})

test('GetUser takes no token of another pool', async () => {
  const other = await RunningPool.start()
  const foreigner = await other.enrolledPerson()
  const { AccessToken } = await foreigner.signIn()
  expect(await refusalOf(getUser(AccessToken!))).toEqual(INVALID)
  expect(await other.sdk().getUser({ AccessToken })).toMatchObject({ Username: foreigner.sub })
  await other.close()
})

test('an access token ends after an hour, and with its account', async () => {
  const person = await at.enrolledPerson()
  const first = await person.signIn()
  at.clock.advance(3600)
  expect(await refusalOf(getUser(first.AccessToken!))).toMatchObject({ message: 'Access Token has expired' })

  const second = await person.signIn()
  await at.platform.sql.run('update users set enabled = false where sub = $1', [person.sub])
  expect(await refusalOf(getUser(second.AccessToken!))).toMatchObject({ message: 'Access Token has been revoked' })
})

test('RevokeToken ends the refresh token and the access tokens of its sign-in, and no other sign-in', async () => {
  const person = await at.enrolledPerson()
  const [first, second] = [await person.signIn(), await person.signIn()]
  const ClientId = person.clientId
  await at.sdk().revokeToken({ ClientId, Token: first.RefreshToken })
  expect(await refusalOf(getUser(first.AccessToken!))).toMatchObject({ message: 'Access Token has been revoked' })
  expect(await refused(refresh(person, first.RefreshToken!))).toBe('NotAuthorizedException')
  expect(await getUser(second.AccessToken!)).toMatchObject({ Username: person.sub })
  // Revoked twice, and never known, are both revoked (RFC 7009).
  await at.sdk().revokeToken({ ClientId, Token: first.RefreshToken })
  await at.sdk().revokeToken({ ClientId, Token: 'x'.repeat(43) })
})

test('RevokeToken takes refresh tokens only, and only from the client that holds them', async () => {
  const person = (await at.enrolledPerson()).from('192.0.2.1')
  const { AccessToken, RefreshToken } = await person.signIn()
  const { clientId, clientSecret, publicClientId } = at.pool
  const revoke = (ClientId: string, Token: string, ClientSecret?: string) =>
    refused(at.sdk().revokeToken({ ClientId, Token, ClientSecret }))
  expect(await revoke(publicClientId, RefreshToken!)).toBe('UnauthorizedException')
  expect(await revoke(clientId, RefreshToken!)).toBe('NotAuthorizedException')
  expect(await revoke(clientId, RefreshToken!, 'errado'.repeat(5))).toBe('NotAuthorizedException')
  expect(await revoke(clientId, AccessToken!, clientSecret)).toBe('UnsupportedTokenTypeException')
  expect(await getUser(AccessToken!)).toMatchObject({ Username: person.sub })
  expect(await revoke(clientId, RefreshToken!, clientSecret)).toBe('not refused')
})

const refresh = (person: Person, REFRESH_TOKEN: string) =>
  at.sdk().initiateAuth({
    AuthFlow: 'REFRESH_TOKEN_AUTH',
    ClientId: person.clientId,
    AuthParameters: { REFRESH_TOKEN },
  })

const exchange = (RefreshToken: string | undefined) => {
  const { clientId, clientSecret } = at.pool
  return at.sdk().getTokensFromRefreshToken({ ClientId: clientId, ClientSecret: clientSecret, RefreshToken })
}

test('the public client refreshes by REFRESH_TOKEN_AUTH and keeps its refresh token and auth_time', async () => {
  const person = await at.enrolledPerson()
  const first = await person.signIn()
  at.clock.advance(4000)
  const { AuthenticationResult } = await refresh(person, first.RefreshToken!)
  expect(AuthenticationResult!.RefreshToken).toBeUndefined()
  const [old, fresh] = [first.AccessToken!, AuthenticationResult!.AccessToken!].map((t) => decode(t.split('.')[1]!))
  expect(fresh).toMatchObject({ auth_time: old.auth_time, origin_jti: old.origin_jti, sub: old.sub })
  expect(fresh.jti).not.toBe(old.jti)
  await getUser(AuthenticationResult!.AccessToken!)

  const { publicClientId } = at.pool
  const input = { ClientId: publicClientId, RefreshToken: first.RefreshToken }
  const again = await at.sdk().getTokensFromRefreshToken(input)
  expect(again.AuthenticationResult!.RefreshToken).toBeUndefined()
})

test('the rotating client does not have REFRESH_TOKEN_AUTH', async () => {
  const person = (await at.enrolledPerson()).from('192.0.2.1')
  const { RefreshToken } = await person.signIn()
  expect(await refusalOf(refresh(person, RefreshToken!))).toEqual({
    name: 'InvalidParameterException',
    message: 'REFRESH_TOKEN_AUTH flow not enabled for this client',
  })
})

test('a refresh token belongs to its client', async () => {
  const person = await at.enrolledPerson()
  const atPublic = await person.signIn()
  const atConfidential = await person.from('192.0.2.1').signIn()
  expect(await refused(refresh(person, atConfidential.RefreshToken!))).toBe('NotAuthorizedException')
  expect(await refused(exchange(atPublic.RefreshToken))).toBe('NotAuthorizedException')
})

test('rotation: the new token works, the old one for sixty seconds more, and its use after that ends the family', async () => {
  const person = (await at.enrolledPerson()).from('192.0.2.1')
  const first = await person.signIn()
  const second = (await exchange(first.RefreshToken)).AuthenticationResult!
  expect(second.RefreshToken).not.toBe(first.RefreshToken)
  at.clock.advance(60)
  const inGrace = (await exchange(first.RefreshToken)).AuthenticationResult!
  at.clock.advance(1)
  const third = (await exchange(second.RefreshToken)).AuthenticationResult!
  await getUser(third.AccessToken!)

  expect(await refused(exchange(first.RefreshToken))).toBe('RefreshTokenReuseException')
  for (const token of [third, inGrace, second, first]) {
    expect(await refused(exchange(token.RefreshToken))).toBe('NotAuthorizedException')
    expect(await refused(getUser(token.AccessToken!))).toBe('NotAuthorizedException')
  }
})

test('two tabs that refresh at once both go on', async () => {
  const person = (await at.enrolledPerson()).from('192.0.2.1')
  const { RefreshToken } = await person.signIn()
  const both = await Promise.all([exchange(RefreshToken), exchange(RefreshToken)])
  at.clock.advance(120)
  for (const { AuthenticationResult } of both) {
    expect(await exchange(AuthenticationResult!.RefreshToken)).toHaveProperty('AuthenticationResult')
  }
})

test('rotated tokens end thirty days after the sign-in, as the first would have', async () => {
  const person = (await at.enrolledPerson()).from('192.0.2.1')
  let { RefreshToken } = await person.signIn()
  for (let week = 0; week < 4; week++) {
    at.clock.advance(7 * 86_400)
    RefreshToken = (await exchange(RefreshToken)).AuthenticationResult!.RefreshToken
  }
  at.clock.advance(2 * 86_400)
  expect(await refused(exchange(RefreshToken))).toBe('NotAuthorizedException')
})

test('a disabled account refreshes nothing', async () => {
  const person = (await at.enrolledPerson()).from('192.0.2.1')
  const { RefreshToken } = await person.signIn()
  await at.platform.sql.run('update users set enabled = false where sub = $1', [person.sub])
  expect(await refused(exchange(RefreshToken))).toBe('NotAuthorizedException')
})

test('a sweep removes what time has made useless and leaves what is in use', async () => {
  const person = await at.enrolledPerson()
  await person.password()
  const { sweep } = await import('../src/infrastructure/pg-sweep.ts')
  const { sql } = at.platform
  const fresh = await person.signIn()
  await sweep(sql, at.clock.now())
  await getUser(fresh.AccessToken!)
  at.clock.advance(32 * 86_400)
  await sweep(sql, at.clock.now())
  for (const table of ['sessions', 'token_families', 'refresh_tokens', 'codes', 'lockouts', 'address_windows']) {
    expect(await sql.query(`select 1 from ${table}`)).toEqual([])
  }
  await person.signIn()
})

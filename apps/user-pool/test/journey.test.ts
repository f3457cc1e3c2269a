import { JwtVerifier } from 'aws-jwt-verify'
import { Secret } from 'otpauth'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { appCode, RunningPool } from './running-pool.ts'

let at: RunningPool
beforeAll(async () => {
  at = await RunningPool.start()
})
afterAll(() => at?.close())

test('D1-30: somebody signs up, confirms the e-mail, enrols an app and signs in with password and code', async () => {
  const person = at.newPerson()
  const signedUp = await person.signUp()
  expect(signedUp).toMatchObject({
    UserConfirmed: false,
    CodeDeliveryDetails: { AttributeName: 'email', DeliveryMedium: 'EMAIL', Destination: 'p***@e***' },
  })
  await person.confirm(await at.mailedCode(person.email))

  const first = await person.password()
  expect(first.ChallengeName).toBe('MFA_SETUP')
  expect(first.ChallengeParameters).toMatchObject({
    MFAS_CAN_SETUP: '["SOFTWARE_TOKEN_MFA"]',
    USER_ID_FOR_SRP: signedUp.UserSub,
  })
  expect(first.AuthenticationResult).toBeUndefined()
  expect(await person.enrol()).toMatchObject({ TokenType: 'Bearer', ExpiresIn: 3600 })

  at.clock.advance(60)
  const second = await person.password()
  expect(second.ChallengeName).toBe('SOFTWARE_TOKEN_MFA')
  expect(second.AuthenticationResult).toBeUndefined()
  const answer = await person.code(second.Session, appCode(person.secret, at.clock))
  const user = await at.sdk().getUser({ AccessToken: answer.AuthenticationResult!.AccessToken })
  expect(user.Username).toBe(signedUp.UserSub)
  expect(user.UserMFASettingList).toEqual(['SOFTWARE_TOKEN_MFA'])
  expect(user.UserAttributes).toEqual(
    expect.arrayContaining([
      { Name: 'sub', Value: signedUp.UserSub },
      { Name: 'email', Value: person.email },
      { Name: 'email_verified', Value: 'true' },
      { Name: 'name', Value: 'Pessoa de Teste' },
    ]),
  )
})

test('the confidential client gets the same by its secret', async () => {
  const person = at.newPerson().from('203.0.113.7')
  await person.signUp()
  await person.confirm(await at.mailedCode(person.email))
  await person.enrol()
  at.clock.advance(60)
  expect(await person.signIn()).toHaveProperty('RefreshToken')
})

test('an e-mail in other case, or the sub, names the same account', async () => {
  const person = await at.enrolledPerson()
  for (const username of [person.email.toUpperCase(), person.sub]) {
    const { Session } = await person.password(undefined, username)
    const answer = await person.code(Session, appCode(person.secret, at.clock), username)
    expect(answer.AuthenticationResult).toBeDefined()
    at.clock.advance(60)
  }
})

test('D1-20, D3-25: tokens verify with aws-jwt-verify against the published keys, and carry Cognito’s claims', async () => {
  const person = await at.enrolledPerson()
  const { AccessToken, IdToken } = await person.signIn()
  const issuer = `${at.url}/${at.pool.id}`
  const discovery = await (await fetch(`${issuer}/.well-known/openid-configuration`)).json()
  expect(discovery).toMatchObject({ issuer, jwks_uri: `${issuer}/.well-known/jwks.json` })
  const jwks = await (await fetch(discovery.jwks_uri)).json()

  const verifier = JwtVerifier.create({ issuer, audience: null, jwksUri: discovery.jwks_uri })
  verifier.cacheJwks(jwks)
  const access = await verifier.verify(AccessToken!)
  expect(access).toMatchObject({
    sub: person.sub,
    iss: issuer,
    client_id: at.pool.publicClientId,
    token_use: 'access',
    scope: 'aws.cognito.signin.user.admin',
    username: person.sub,
  })
  for (const claim of ['auth_time', 'exp', 'iat', 'jti', 'origin_jti', 'event_id']) expect(access).toHaveProperty(claim)
  const id = await verifier.verify(IdToken!)
  expect(id).toMatchObject({
    aud: at.pool.publicClientId,
    token_use: 'id',
    'cognito:username': person.sub,
    email: person.email,
    email_verified: true,
    name: 'Pessoa de Teste',
  })
  expect(id.origin_jti).toBe(access.origin_jti)
})

test('the platform’s own verifier takes an access token and no id token', async () => {
  const person = await at.enrolledPerson()
  const { AccessToken, IdToken } = await person.signIn()
  expect(await at.platform.tokens.verify(AccessToken!)).toMatchObject({ userId: person.sub })
  await expect(at.platform.tokens.verify(IdToken!)).rejects.toMatchObject({ code: 'auth/invalid_token' })
})

test('whoever holds the pool’s access key reads any account, dates as seconds', async () => {
  const person = await at.enrolledPerson()
  const user = await at.sdk().adminGetUser({ UserPoolId: at.pool.id, Username: person.email })
  expect(user).toMatchObject({ Username: person.sub, Enabled: true, UserStatus: 'CONFIRMED' })
  expect(user.UserCreateDate).toBeInstanceOf(Date)
  expect(Math.abs(user.UserCreateDate!.getTime() - at.clock.now().getTime())).toBeLessThan(3600_000)
})

test('D1-36: what happens is counted, and the counters name nobody', async () => {
  const person = await at.enrolledPerson()
  await person.signIn()
  await person.password('Errada-2026!').catch(() => undefined)
  const text = await at.platform.metrics.text()
  for (const line of [
    /^user_pool_registered_total [1-9]/m,
    /^user_pool_mfa_activated_total [1-9]/m,
    /^user_pool_sign_in_total{result="ok"} [1-9]/m,
    /^user_pool_sign_in_total{result="failed"} [1-9]/m,
  ]) {
    expect(text).toMatch(line)
  }
  expect(text).not.toContain('exemplo.com.br')
})

test('at rest there is no password, code, session, refresh token or TOTP secret in clear', async () => {
  const person = await at.enrolledPerson()
  const { Session } = await person.password()
  const { RefreshToken } = await person.signIn()
  const { sql } = at.platform
  const tables = ['users', 'totp_factors', 'sessions', 'token_families', 'refresh_tokens', 'codes', 'lockouts']
  const kept = (await Promise.all(tables.map((table) => sql.query(`select ${table}::text as row from ${table}`))))
    .flat()
    .map((row) => JSON.stringify(row))
    .join('\n')
  expect(kept).toContain('$argon2id$v=19$m=19456,t=2,p=1$')
  const secretBytes = Buffer.from(Secret.fromBase32(person.secret).bytes).toString('hex')
  for (const clear of [Session!, RefreshToken!, person.secret, secretBytes, 'Correta-2026']) {
    expect(kept).not.toContain(clear)
  }
})

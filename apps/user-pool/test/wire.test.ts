import { createHash } from 'node:crypto'
import { presign, signHeaders } from '@balcao/platform/aws'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { PASSWORD, RunningPool, refusalOf, refused } from './running-pool.ts'

let at: RunningPool
beforeAll(async () => {
  at = await RunningPool.start()
})
afterAll(() => at?.close())

const adminGetUser = (Username: string) => ({ UserPoolId: at.pool.id, Username })

test('AdminGetUser is refused unsigned, with a wrong secret, and with a key that is not the pool’s', async () => {
  const person = await at.confirmedPerson()
  const unsigned = await at.raw('AdminGetUser', adminGetUser(person.email))
  expect(unsigned).toMatchObject({ status: 400, body: { __type: 'MissingAuthenticationTokenException' } })

  const { accessKeyId, secretAccessKey } = at.pool.keys
  const ask = (key: { accessKeyId: string; secretAccessKey: string }) =>
    refused(at.sdk(key).adminGetUser(adminGetUser(person.email)))
  expect(await ask({ accessKeyId, secretAccessKey: `${secretAccessKey}x` })).toBe('InvalidSignatureException')
  expect(await ask({ accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey })).toBe('UnrecognizedClientException')
  expect(await ask({ accessKeyId, secretAccessKey })).toBe('not refused')
})

test('a signature holds for the body it was made for, and not for long', async () => {
  const person = await at.confirmedPerson()
  const body = JSON.stringify(adminGetUser(person.email))
  const request = {
    method: 'POST',
    origin: at.url,
    path: '/',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'AWSCognitoIdentityProviderService.AdminGetUser',
    },
  }
  const signer = { ...at.pool.keys, region: 'sa-east-1', service: 'cognito-idp' }
  const payloadHash = createHash('sha256').update(body).digest('hex')
  const signed = (late: number, service = signer.service) => {
    const now = new Date(at.clock.now().getTime() - late * 60_000)
    const { host: _, ...headers } = signHeaders(request, { ...signer, service }, { at: now, payloadHash })
    return headers
  }
  const otherBody = JSON.stringify(adminGetUser('outra@exemplo.com.br'))
  expect((await at.raw('AdminGetUser', body, signed(0))).status).toBe(200)
  expect((await at.raw('AdminGetUser', otherBody, signed(0))).body.__type).toBe('InvalidSignatureException')
  expect((await at.raw('AdminGetUser', body, signed(16))).body.__type).toBe('InvalidSignatureException')
  expect((await at.raw('AdminGetUser', body, signed(0, 'sts'))).body.__type).toBe('IncompleteSignatureException')

  // A signed URL that leaves the body open would be good for every account.
  const query = { 'X-Amz-Content-Sha256': 'UNSIGNED-PAYLOAD' }
  const url = presign({ ...request, query }, signer, { at: at.clock.now(), expiresIn: 60 })
  const response = await fetch(url, { method: 'POST', headers: request.headers, body: otherBody })
  expect(await response.json()).toMatchObject({ __type: 'IncompleteSignatureException' })
})

test('AdminGetUser knows its own pool and accounts only', async () => {
  expect(await refused(at.sdk().adminGetUser({ UserPoolId: 'sa-east-1_Outra1234', Username: 'x' }))).toBe(
    'ResourceNotFoundException',
  )
  expect(await refused(at.sdk().adminGetUser(adminGetUser('ninguem@exemplo.com.br')))).toBe('UserNotFoundException')
})

test('the confidential client without its SECRET_HASH, or with a wrong one, gets nowhere', async () => {
  const person = await at.enrolledPerson()
  const ClientId = at.pool.clientId
  const SecretHash = at.confidential('outra@exemplo.com.br').SecretHash
  const sdk = at.sdk()
  const parameters = { USERNAME: person.email, PASSWORD }
  const AuthFlow = 'USER_PASSWORD_AUTH'
  expect(await refusalOf(sdk.initiateAuth({ AuthFlow, ClientId, AuthParameters: parameters }))).toEqual({
    name: 'NotAuthorizedException',
    message: `Client ${ClientId} is configured with secret but SECRET_HASH was not received`,
  })
  const wrong = { name: 'NotAuthorizedException', message: `Unable to verify secret hash for client ${ClientId}` }
  const given = { ...parameters, SECRET_HASH: SecretHash }
  expect(await refusalOf(sdk.initiateAuth({ AuthFlow, ClientId, AuthParameters: given }))).toEqual(wrong)
  const Username = person.email
  expect(await refusalOf(sdk.signUp({ ClientId, SecretHash, Username, Password: PASSWORD }))).toEqual(wrong)
  expect(await refusalOf(sdk.resendConfirmationCode({ ClientId, SecretHash, Username }))).toEqual(wrong)
  const ConfirmationCode = '123456'
  expect(await refusalOf(sdk.confirmSignUp({ ClientId, SecretHash, Username, ConfirmationCode }))).toEqual(wrong)
  const { Session } = await person.from('192.0.2.1').password()
  const ChallengeResponses = { USERNAME: Username, SOFTWARE_TOKEN_MFA_CODE: '123456', SECRET_HASH: SecretHash }
  const ChallengeName = 'SOFTWARE_TOKEN_MFA'
  expect(await refusalOf(sdk.respondToAuthChallenge({ ClientId, ChallengeName, Session, ChallengeResponses }))).toEqual(
    wrong,
  )
})

test('a client that does not exist is named as such', async () => {
  const call = at.sdk().signUp({ ClientId: 'naoexiste', Username: 'a@exemplo.com.br', Password: PASSWORD })
  expect(await refused(call)).toBe('ResourceNotFoundException')
})

test('flows and challenges that the pool does not use are refused by name', async () => {
  const ClientId = at.pool.publicClientId
  const flow = (AuthFlow: string) => at.raw('InitiateAuth', { AuthFlow, ClientId, AuthParameters: { USERNAME: 'a' } })
  expect((await flow('USER_SRP_AUTH')).body).toEqual({
    __type: 'InvalidParameterException',
    message: 'USER_SRP_AUTH flow not enabled for this client',
  })
  expect((await flow('CUSTOM_AUTH')).status).toBe(400)
  expect((await flow('ADVINHE')).body.message).toContain("at 'authFlow' failed to satisfy constraint")
  const answered = await at.raw('RespondToAuthChallenge', {
    ClientId,
    ChallengeName: 'SMS_MFA',
    Session: 'x'.repeat(43),
    ChallengeResponses: { USERNAME: 'a' },
  })
  expect(answered.body.__type).toBe('InvalidParameterException')
})

test.each(['AdminSetUserPassword', 'NaoExiste', 'toString', '__proto__', ''])(
  'the unknown operation "%s" gets a clean JSON error',
  async (operation) => {
    const answer = await at.raw(operation, {})
    expect(answer.status).toBe(400)
    expect(answer.body.__type).toBe('UnknownOperationException')
    expect(answer.headers.get('content-type')).toContain('application/x-amz-json-1.1')
    expect(answer.headers.get('x-amzn-errortype')).toBe('UnknownOperationException')
  },
)

test('no target, another path, another method: JSON, never HTML', async () => {
  expect((await at.raw(undefined, {})).body.__type).toBe('UnknownOperationException')
  for (const [method, path] of [
    ['GET', '/'],
    ['POST', '/outro'],
    ['DELETE', '/'],
    ['GET', '/sa-east-1_Outra1234/.well-known/jwks.json'],
    ['GET', '/%ff'],
  ]) {
    const response = await fetch(`${at.url}${path}`, { method })
    expect(response.status).toBeGreaterThanOrEqual(400)
    expect(response.status).toBeLessThan(500)
    expect(JSON.parse(await response.text())).toHaveProperty('__type')
  }
})

test.each(['', '{', 'null', '[]', '"x"', '1'])('the body %s is refused as what it is', async (body) => {
  const answer = await at.raw('SignUp', body)
  expect(answer).toMatchObject({ status: 400, body: { __type: 'SerializationException' } })
})

test('wrong types, missing members and broken patterns name the member and not its value', async () => {
  const Username = 'segredo@exemplo.com.br'
  const wrongType = await at.raw('SignUp', { ClientId: 1, Username })
  expect(wrongType.body).toEqual({ __type: 'SerializationException', message: "'clientId' must be a string." })
  const missing = await at.raw('SignUp', { Username })
  expect(missing.body).toEqual({
    __type: 'InvalidParameterException',
    message:
      "1 validation error detected: Value null at 'clientId' failed to satisfy constraint: Member must not be null",
  })
  const ClientId = at.pool.publicClientId
  const broken = await at.raw('SignUp', {
    ClientId,
    Username: `${Username} `,
    Password: ' espaço',
    UserAttributes: [{}],
  })
  expect(broken.body.__type).toBe('InvalidParameterException')
  for (const member of ["'username'", "'password'", "'userAttributes.1.member.name'"]) {
    expect(broken.body.message).toContain(member)
  }
  expect(broken.body.message).not.toContain('segredo')
  const nul = await at.raw('InitiateAuth', {
    ClientId,
    AuthFlow: 'USER_PASSWORD_AUTH',
    AuthParameters: { USERNAME: 'a\u0000b', PASSWORD: '\ud800' },
  })
  expect(nul).toMatchObject({ status: 400, body: { __type: 'InvalidParameterException' } })
})

test('a body of a megabyte is refused', async () => {
  const answer = await at.raw('SignUp', { ClientId: 'x'.repeat(1_000_000) })
  expect(answer).toMatchObject({ status: 413, body: { __type: 'RequestEntityTooLargeException' } })
})

test('a browser on any page may call, with the headers of Amplify and without cookies', async () => {
  const asked =
    'x-amz-target,x-amz-user-agent,amz-sdk-invocation-id,amz-sdk-request,authorization,content-type,cache-control'
  const preflight = await fetch(at.url, {
    method: 'OPTIONS',
    headers: {
      origin: 'https://loja.exemplo',
      'access-control-request-method': 'POST',
      'access-control-request-headers': asked,
    },
  })
  expect(preflight.status).toBe(204)
  const allowed = preflight.headers.get('access-control-allow-headers')!.split(', ')
  expect(allowed).toEqual(expect.arrayContaining(asked.split(',')))
  const answer = await at.raw('NaoExiste', {}, { origin: 'https://loja.exemplo' })
  expect(answer.headers.get('access-control-allow-origin')).toBe('*')
  expect(answer.headers.get('access-control-allow-credentials')).toBeNull()
})

test('the pool says that it is well', async () => {
  const response = await fetch(`${at.url}/_health`)
  expect(await response.json()).toEqual({ status: 'ok' })
})

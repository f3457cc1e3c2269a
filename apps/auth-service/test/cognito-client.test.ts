import { createHmac } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { AppError } from '@balcao/kernel'
import pino from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CognitoClient } from '../src/infrastructure/cognito-client.ts'
import { CognitoSignIns } from '../src/infrastructure/cognito-sign-ins.ts'
import { CognitoUsers } from '../src/infrastructure/cognito-users.ts'

type Wire = { operation: string; body: Record<string, unknown>; signed: boolean }

/** A server that answers what it is told and remembers what was asked: the outside of the adapter, byte by byte. */
class Recorder {
  readonly asked: Wire[] = []
  answer: { status: number; body: unknown } = { status: 200, body: {} }
  breakNext = false
  readonly server: Server = createServer(async (request, response) => {
    if (this.breakNext) {
      this.breakNext = false
      request.socket.destroy()
      return
    }
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    this.asked.push({
      operation: String(request.headers['x-amz-target']).split('.')[1]!,
      body: JSON.parse(Buffer.concat(chunks).toString()),
      signed: request.headers.authorization !== undefined,
    })
    response.writeHead(this.answer.status, { 'content-type': 'application/x-amz-json-1.1' })
    response.end(JSON.stringify(this.answer.body))
  })

  refuse(type: string, message = 'no'): void {
    this.answer = { status: 400, body: { __type: type, message } }
  }
}

const pool = {
  id: 'sa-east-1_pool00001',
  clientId: 'c'.repeat(26),
  clientSecret: 's'.repeat(40),
  publicClientId: 'p'.repeat(26),
  keys: { accessKeyId: 'AKIDAKIDAKIDAKID', secretAccessKey: 'secretsecretsecret' },
}
const address = '203.0.113.7'
const hash = (username: string) =>
  createHmac('sha256', pool.clientSecret)
    .update(username + pool.clientId)
    .digest('base64')

const recorder = new Recorder()
const lines: string[] = []
let users: CognitoUsers
let signIns: CognitoSignIns

const clientAt = (port: number) => {
  const userPool = `http://127.0.0.1:${port}`
  const urls = { public: '', userPool, objectStore: '' }
  return new CognitoClient({ pool, region: 'sa-east-1', urls }, pino({}, { write: (line) => lines.push(line) }))
}

beforeAll(async () => {
  await new Promise<void>((resolve) => recorder.server.listen(0, '127.0.0.1', resolve))
  const client = clientAt((recorder.server.address() as AddressInfo).port)
  users = new CognitoUsers(client)
  signIns = new CognitoSignIns(client)
})
afterAll(() => recorder.server.close())

const login = () => signIns.login({ username: 'ana@exemplo.com', password: 'senha', address })
const pending = { challenge: 'SOFTWARE_TOKEN_MFA' as const, username: 'sub-1', session: 'S1' }
const refusalOf = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => undefined,
    (reason) => reason,
  )
  expect(error).toBeInstanceOf(AppError)
  return error as AppError
}

describe('login', () => {
  it('D4-15: sends USER_PASSWORD_AUTH with the client, its proof and the person’s address', async () => {
    recorder.answer = { status: 200, body: { ChallengeName: 'SOFTWARE_TOKEN_MFA', Session: 'S1' } }
    await login()
    expect(recorder.asked.at(-1)).toEqual({
      operation: 'InitiateAuth',
      signed: false,
      body: {
        AuthFlow: 'USER_PASSWORD_AUTH',
        ClientId: pool.clientId,
        AuthParameters: { USERNAME: 'ana@exemplo.com', PASSWORD: 'senha', SECRET_HASH: hash('ana@exemplo.com') },
        UserContextData: { IpAddress: address },
      },
    })
  })

  it.each(['SOFTWARE_TOKEN_MFA', 'SMS_MFA'] as const)(
    'D4-15: answers challenge and session for %s',
    async (challenge) => {
      const ChallengeParameters = { USER_ID_FOR_SRP: 'sub-1' }
      recorder.answer = { status: 200, body: { ChallengeName: challenge, Session: 'S1', ChallengeParameters } }
      expect(await login()).toEqual({ kind: 'mfa', challenge, username: 'sub-1', session: 'S1' })
    },
  )

  it('D4-15: answers tokens where the pool asks no second factor', async () => {
    const AuthenticationResult = { AccessToken: 'a', IdToken: 'i', RefreshToken: 'r', ExpiresIn: 900 }
    recorder.answer = { status: 200, body: { AuthenticationResult } }
    const tokens = { accessToken: 'a', idToken: 'i', refreshToken: 'r', expiresIn: 900 }
    expect(await login()).toEqual({ kind: 'tokens', tokens })
  })

  it('refuses a challenge it has no answer for', async () => {
    recorder.answer = { status: 200, body: { ChallengeName: 'NEW_PASSWORD_REQUIRED', Session: 'S1' } }
    expect((await refusalOf(login())).code).toBe('auth/unsupported_challenge')
  })

  it.each([
    ['NotAuthorizedException', 'Incorrect username or password.', 'auth/wrong_credentials'],
    ['NotAuthorizedException', 'Password attempts exceeded', 'auth/too_many_attempts'],
    ['UserNotFoundException', 'User does not exist.', 'auth/wrong_credentials'],
    ['UserNotConfirmedException', 'User is not confirmed.', 'auth/not_confirmed'],
    ['TooManyRequestsException', 'Too many requests', 'auth/too_many_attempts'],
    ['NotAuthorizedException', 'Unable to verify secret hash for client', 'auth/unavailable'],
    ['InternalErrorException', 'ana@exemplo.com', 'auth/unavailable'],
    ['ResourceNotFoundException', 'ana@exemplo.com', 'auth/unavailable'],
  ])('takes %s (%s) for %s', async (type, message, code) => {
    recorder.refuse(type, message)
    const refusal = await refusalOf(login())
    expect(refusal.code).toBe(code)
    expect(refusal.message).not.toContain('ana@')
    expect(lines.join()).not.toContain('ana@')
  })
})

describe('respondToMfa', () => {
  it.each(['SOFTWARE_TOKEN_MFA', 'SMS_MFA'] as const)(
    'D4-16: sends the code of %s with USERNAME',
    async (challenge) => {
      const AuthenticationResult = { AccessToken: 'a', IdToken: 'i', RefreshToken: 'r', ExpiresIn: 900 }
      recorder.answer = { status: 200, body: { AuthenticationResult } }
      const tokens = await signIns.respondToMfa({ ...pending, challenge }, '123456', address)
      expect(tokens.accessToken).toBe('a')
      expect(recorder.asked.at(-1)).toMatchObject({
        operation: 'RespondToAuthChallenge',
        body: {
          ChallengeName: challenge,
          Session: 'S1',
          ChallengeResponses: { USERNAME: 'sub-1', SECRET_HASH: hash('sub-1'), [`${challenge}_CODE`]: '123456' },
        },
      })
    },
  )

  it.each([
    ['CodeMismatchException', 'auth/wrong_code', 'unauthenticated'],
    ['ExpiredCodeException', 'auth/code_used', 'unauthenticated'],
    ['NotAuthorizedException', 'auth/mfa_session', 'unauthenticated'],
    ['LimitExceededException', 'auth/too_many_attempts', 'rate_limited'],
  ])('takes %s for %s', async (type, code, kind) => {
    recorder.refuse(type)
    const refusal = await refusalOf(signIns.respondToMfa(pending, '123456', address))
    expect([refusal.code, refusal.kind]).toEqual([code, kind])
  })
})

it('asks for a user by signed request only', async () => {
  const UserAttributes = [{ Name: 'sub', Value: 'sub-1' }]
  recorder.answer = { status: 200, body: { Username: 'sub-1', UserStatus: 'UNCONFIRMED', UserAttributes } }
  expect(await users.find('ana@exemplo.com')).toEqual({ sub: 'sub-1', confirmed: false })
  expect(recorder.asked.at(-1)).toMatchObject({ operation: 'AdminGetUser', signed: true })
})

it('says nothing about an address that has nothing to confirm', async () => {
  for (const type of ['UserNotFoundException', 'InvalidParameterException']) {
    recorder.refuse(type)
    await users.resendCode({ email: 'ana@exemplo.com', address })
  }
})

it('lets whoever is signed out already sign out', async () => {
  recorder.refuse('NotAuthorizedException', 'Invalid Refresh Token')
  await signIns.revoke('dead')
})

it('asks once more where the connection broke, and once only where the pool says no', async () => {
  const count = recorder.asked.length
  recorder.refuse('TooManyRequestsException')
  await refusalOf(login())
  expect(recorder.asked.length).toBe(count + 1)
  recorder.answer = { status: 200, body: { ChallengeName: 'SOFTWARE_TOKEN_MFA', Session: 'S1' } }
  recorder.breakNext = true
  expect((await login()).kind).toBe('mfa')
})

it('says that the pool did not answer when nothing listens there', async () => {
  const refusal = await refusalOf(
    new CognitoSignIns(clientAt(1)).login({ username: 'ana@exemplo.com', password: 'senha', address }),
  )
  expect([refusal.code, refusal.kind]).toEqual(['auth/unavailable', 'unavailable'])
})

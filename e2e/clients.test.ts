import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { promisify } from 'node:util'
import { authRoutes } from '@balcao/contracts'
import { AuthenticationDetails, CognitoUser, CognitoUserAttribute, CognitoUserPool } from 'amazon-cognito-identity-js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { call } from './support/api.ts'
import { type Balcao, startBalcao } from './support/balcao.ts'
import { Clips } from './support/media.ts'
import { onFailure } from './support/on-failure.ts'
import { mailedCode, type Particulars, somebody } from './support/person.ts'
import { Authenticator } from './support/totp.ts'

const run = promisify(execFile)
// Debian's, where a version manager has put another before it.
const aws = existsSync('/usr/bin/aws') ? '/usr/bin/aws' : 'aws'

const poolKeys = { USER_POOL_ACCESS_KEY_ID: 'BKUPTESTTESTTESTTEST', USER_POOL_SECRET_ACCESS_KEY: 'p'.repeat(40) }

describe('clients made for AWS, told only another endpoint', () => {
  let balcao: Balcao
  let clips: Clips
  let pool: { userPoolId: string; clientId: string; endpoint: string; region: string }

  onFailure(() => ({ balcao }))

  beforeAll(async () => {
    clips = await Clips.open()
    balcao = await startBalcao({ env: poolKeys })
    pool = await call(balcao.url, authRoutes.config)
  })
  afterAll(async () => {
    await balcao?.remove()
    await clips?.remove()
  })

  /** The AWS CLI with one pair of keys, or none. @returns what it printed */
  const cli = async (keys: [id: string, secret: string] | undefined, ...args: string[]): Promise<string> => {
    const env = {
      PATH: process.env.PATH,
      HOME: clips.dir,
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_DEFAULT_REGION: pool.region,
      AWS_PAGER: '',
      ...(keys ? { AWS_ACCESS_KEY_ID: keys[0], AWS_SECRET_ACCESS_KEY: keys[1] } : {}),
    }
    return (await run(aws, args, { env })).stdout
  }

  describe('the AWS CLI and the user pool', () => {
    const person: Particulars = somebody('Davi Lima')
    const cognito = async (operation: string, ...args: string[]) => {
      // Some of these the CLI would sign, though nobody checks it.
      const common = ['--endpoint-url', pool.endpoint, '--output', 'json', '--no-sign-request']
      const out = await cli(undefined, 'cognito-idp', operation, ...common, ...args)
      return out.trim() === '' ? {} : JSON.parse(out)
    }
    let tokens: { AccessToken: string; RefreshToken: string }
    let authenticator: Authenticator

    it('signs a user up and confirms', async () => {
      const attributes = [`Name=email,Value=${person.email}`, `Name=name,Value=${person.name}`]
      const account = ['--client-id', pool.clientId, '--username', person.email]
      const { UserConfirmed, UserSub } = await cognito(
        'sign-up',
        ...account,
        ...['--password', person.password, '--user-attributes', ...attributes],
      )
      expect(UserConfirmed).toBe(false)
      expect(UserSub).toMatch(/^[0-9a-f-]{36}$/)
      await cognito('confirm-sign-up', ...account, '--confirmation-code', await mailedCode(balcao.url, person.email))
    })

    it('enrols an authenticator app and signs in', async () => {
      const password = `USERNAME=${person.email},PASSWORD="${person.password}"`
      const begin = ['--client-id', pool.clientId, '--auth-flow', 'USER_PASSWORD_AUTH', '--auth-parameters', password]
      const setup = await cognito('initiate-auth', ...begin)
      expect(setup.ChallengeName).toBe('MFA_SETUP')
      const { SecretCode, Session } = await cognito('associate-software-token', '--session', setup.Session)
      authenticator = new Authenticator(SecretCode)
      const code = await authenticator.next()
      const verified = await cognito('verify-software-token', '--session', Session, '--user-code', code)
      expect(verified.Status).toBe('SUCCESS')
      const answer = ['respond-to-auth-challenge', '--client-id', pool.clientId, '--challenge-responses'] as const
      const responses = `USERNAME=${person.email}`
      const first = await cognito(...answer, responses, '--challenge-name', 'MFA_SETUP', '--session', verified.Session)
      tokens = first.AuthenticationResult

      const again = await cognito('initiate-auth', ...begin)
      expect(again.ChallengeName).toBe('SOFTWARE_TOKEN_MFA')
      const withCode = `${responses},SOFTWARE_TOKEN_MFA_CODE=${await authenticator.next()}`
      const second = await cognito(
        ...answer,
        withCode,
        ...['--challenge-name', 'SOFTWARE_TOKEN_MFA', '--session', again.Session],
      )
      tokens = second.AuthenticationResult
    })

    it('reads the user, refreshes and is known to our own API', async () => {
      const user = await cognito('get-user', '--access-token', tokens.AccessToken)
      expect(user.UserAttributes).toContainEqual({ Name: 'email', Value: person.email })
      const flow = ['--auth-flow', 'REFRESH_TOKEN_AUTH', '--auth-parameters', `REFRESH_TOKEN=${tokens.RefreshToken}`]
      const fresh = await cognito('initiate-auth', '--client-id', pool.clientId, ...flow)
      const token = fresh.AuthenticationResult.AccessToken
      expect(await call(balcao.url, authRoutes.me, { token })).toMatchObject({ email: person.email, cpf: null })
    })

    it('asks for a user as an administrator, with the right keys only', async () => {
      const ask = ['cognito-idp', 'admin-get-user', '--endpoint-url', pool.endpoint, '--output', 'json'] as const
      const whom = ['--user-pool-id', pool.userPoolId, '--username', person.email] as const
      const { USER_POOL_ACCESS_KEY_ID: id, USER_POOL_SECRET_ACCESS_KEY: secret } = poolKeys
      expect(JSON.parse(await cli([id, secret], ...ask, ...whom)).UserStatus).toBe('CONFIRMED')
      await expect(cli([id, 'x'.repeat(40)], ...ask, ...whom)).rejects.toThrow(/Signature|UnrecognizedClient/)
    })

    it('is told what is wrong in the words of Cognito', async () => {
      const wrong = `USERNAME=${person.email},PASSWORD=nao-e-esta`
      const begin = ['--client-id', pool.clientId, '--auth-flow', 'USER_PASSWORD_AUTH', '--auth-parameters', wrong]
      await expect(cognito('initiate-auth', ...begin)).rejects.toThrow('NotAuthorizedException')
    })
  })

  describe('amazon-cognito-identity-js', () => {
    it('signs a user up, enrols an app and signs in with USER_PASSWORD_AUTH', async () => {
      const person = somebody('Edu Reis')
      const users = new CognitoUserPool({
        UserPoolId: pool.userPoolId,
        ClientId: pool.clientId,
        endpoint: pool.endpoint,
      })
      const attributes = [
        new CognitoUserAttribute({ Name: 'email', Value: person.email }),
        new CognitoUserAttribute({ Name: 'name', Value: person.name }),
      ]
      await new Promise<void>((resolve, reject) =>
        users.signUp(person.email, person.password, attributes, [], (error) => (error ? reject(error) : resolve())),
      )
      const user = new CognitoUser({ Username: person.email, Pool: users })
      user.setAuthenticationFlowType('USER_PASSWORD_AUTH')
      const code = await mailedCode(balcao.url, person.email)
      await new Promise<void>((resolve, reject) =>
        user.confirmRegistration(code, true, (error) => (error ? reject(error) : resolve())),
      )

      const details = new AuthenticationDetails({ Username: person.email, Password: person.password })
      let authenticator: Authenticator | undefined
      const signIn = () =>
        new Promise<string>((resolve, reject) => {
          const done = {
            onSuccess: (session: { getAccessToken(): { getJwtToken(): string } }) =>
              resolve(session.getAccessToken().getJwtToken()),
            onFailure: reject,
          }
          user.authenticateUser(details, {
            ...done,
            mfaSetup: () =>
              user.associateSoftwareToken({
                onFailure: reject,
                associateSecretCode: async (secret) => {
                  authenticator = new Authenticator(secret)
                  user.verifySoftwareToken(await authenticator.next(), 'celular', done)
                },
              }),
            totpRequired: async () => user.sendMFACode(await authenticator!.next(), done, 'SOFTWARE_TOKEN_MFA'),
          })
        })
      await signIn()
      expect(authenticator).toBeDefined()
      const token = await signIn()
      expect(await call(balcao.url, authRoutes.me, { token })).toMatchObject({ email: person.email })
    })
  })
})

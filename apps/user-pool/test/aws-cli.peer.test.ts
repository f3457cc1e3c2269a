import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { appCode, PASSWORD, RunningPool } from './running-pool.ts'

let at: RunningPool
beforeAll(async () => {
  at = await RunningPool.start()
})
afterAll(() => at?.close())

/** `aws cognito-idp …` with the pool's endpoint, and the pool's access key where the call is signed. */
async function aws(command: string, parameters: Record<string, string>, signed = false) {
  const options = Object.entries(parameters).flatMap(([name, value]) => [`--${name}`, value])
  const { stdout } = await promisify(execFile)(
    'aws',
    ['cognito-idp', command, '--endpoint-url', at.url, '--region', 'sa-east-1', '--output', 'json', ...options],
    {
      env: {
        PATH: process.env.PATH,
        HOME: at.platform.config.dataDir,
        AWS_PAGER: '',
        AWS_ACCESS_KEY_ID: signed ? at.pool.keys.accessKeyId : 'unused',
        AWS_SECRET_ACCESS_KEY: signed ? at.pool.keys.secretAccessKey : 'unused',
      },
    },
  )
  return stdout ? JSON.parse(stdout) : {}
}

test('the AWS CLI signs somebody up and in, and reads the account with the pool’s access key', async () => {
  const { email } = at.newPerson()
  const client = { 'client-id': at.pool.publicClientId }
  const { UserSub } = await aws('sign-up', { ...client, username: email, password: PASSWORD })
  const code = await at.mailedCode(email)
  await aws('confirm-sign-up', { ...client, username: email, 'confirmation-code': code })
  const password = {
    ...client,
    'auth-flow': 'USER_PASSWORD_AUTH',
    'auth-parameters': `USERNAME=${email},PASSWORD=${PASSWORD}`,
  }
  const first = await aws('initiate-auth', password)
  expect(first.ChallengeName).toBe('MFA_SETUP')
  const associated = await aws('associate-software-token', { session: first.Session })
  const verified = await aws('verify-software-token', {
    session: associated.Session,
    'user-code': appCode(associated.SecretCode, at.clock),
  })
  await aws('respond-to-auth-challenge', {
    ...client,
    'challenge-name': 'MFA_SETUP',
    session: verified.Session,
    'challenge-responses': `USERNAME=${email}`,
  })

  at.clock.advance(60)
  const second = await aws('initiate-auth', password)
  const answer = await aws('respond-to-auth-challenge', {
    ...client,
    'challenge-name': 'SOFTWARE_TOKEN_MFA',
    session: second.Session,
    'challenge-responses': `USERNAME=${email},SOFTWARE_TOKEN_MFA_CODE=${appCode(associated.SecretCode, at.clock)}`,
  })
  const user = await aws('get-user', { 'access-token': answer.AuthenticationResult.AccessToken })
  expect(user.Username).toBe(UserSub)

  const named = { 'user-pool-id': at.pool.id, username: email }
  expect(await aws('admin-get-user', named, true)).toMatchObject({ Username: UserSub, UserStatus: 'CONFIRMED' })
  await expect(aws('admin-get-user', named)).rejects.toThrow('UnrecognizedClientException')
}, 120_000)

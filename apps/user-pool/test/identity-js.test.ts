import {
  AuthenticationDetails,
  CognitoUser,
  CognitoUserAttribute,
  CognitoUserPool,
  type CognitoUserSession,
} from 'amazon-cognito-identity-js'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { appCode, PASSWORD, RunningPool } from './running-pool.ts'

let at: RunningPool
beforeAll(async () => {
  at = await RunningPool.start()
})
afterAll(() => at?.close())

/** A callback of the library as a promise. */
const called = <T>(call: (done: (error: Error | null | undefined, value: T) => void) => void) =>
  new Promise<T>((resolve, reject) => call((error, value) => (error ? reject(error) : resolve(value))))

test('amazon-cognito-identity-js signs up, enrols an app, signs in and refreshes, with nothing but the endpoint set', async () => {
  const pool = new CognitoUserPool({ UserPoolId: at.pool.id, ClientId: at.pool.publicClientId, endpoint: at.url })
  const { email } = at.newPerson()
  const name = new CognitoUserAttribute({ Name: 'name', Value: 'Pessoa' })
  await called((done) => pool.signUp(email, PASSWORD, [name], [], done))
  const user = new CognitoUser({ Username: email, Pool: pool })
  user.setAuthenticationFlowType('USER_PASSWORD_AUTH')
  const code = await at.mailedCode(email)
  await called((done) => user.confirmRegistration(code, false, done))

  const details = new AuthenticationDetails({ Username: email, Password: PASSWORD })
  const secret = await new Promise<string>((resolve, reject) =>
    user.authenticateUser(details, {
      onSuccess: () => reject(new Error('signed in without a second factor')),
      onFailure: reject,
      mfaSetup: () => user.associateSoftwareToken({ associateSecretCode: resolve, onFailure: reject }),
    }),
  )
  const enrolled = await new Promise<CognitoUserSession>((resolve, reject) =>
    user.verifySoftwareToken(appCode(secret, at.clock), 'telefone', { onSuccess: resolve, onFailure: reject }),
  )
  expect(enrolled.getIdToken().payload.email).toBe(email)

  at.clock.advance(60)
  const session = await new Promise<CognitoUserSession>((resolve, reject) =>
    user.authenticateUser(details, {
      onSuccess: resolve,
      onFailure: reject,
      totpRequired: () =>
        user.sendMFACode(appCode(secret, at.clock), { onSuccess: resolve, onFailure: reject }, 'SOFTWARE_TOKEN_MFA'),
    }),
  )
  at.clock.advance(60)
  const refreshed = await called<CognitoUserSession>((done) => user.refreshSession(session.getRefreshToken(), done))
  expect(refreshed.getAccessToken().getJwtToken()).not.toBe(session.getAccessToken().getJwtToken())
  const attributes = await called<CognitoUserAttribute[] | undefined>((done) => user.getUserAttributes(done))
  expect(attributes!.find((attribute) => attribute.getName() === 'email')!.getValue()).toBe(email)
})

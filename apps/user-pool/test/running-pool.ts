import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { CognitoIdentityProvider } from '@aws-sdk/client-cognito-identity-provider'
import { ManualClock } from '@balcao/kernel'
import type { Platform, Running } from '@balcao/platform'
import { MailboxMailer } from '@balcao/platform/adapters'
import { freePort, startService, testPlatform, until } from '@balcao/testing'
import { Secret, TOTP } from 'otpauth'
import { secretHash } from '../src/domain/secret-hash.ts'
import { userPool } from '../src/index.ts'

export const PASSWORD = 'Correta-2026!'

/** The code that an authenticator app shows, by a library that is not ours. @param late steps of 30 s */
export function appCode(secret: string, clock: ManualClock, late = 0): string {
  const timestamp = clock.now().getTime() + late * 30_000
  return new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp })
}

/** A pool that answers on a port, spoken to by AWS's own SDK. */
export class RunningPool {
  readonly clock: ManualClock

  private constructor(
    readonly platform: Platform,
    private readonly served: Running,
    readonly url = platform.config.urls.userPool,
  ) {
    this.clock = platform.clock as ManualClock
  }

  static async start(): Promise<RunningPool> {
    // From the real time on, because the SDK signs with it.
    const platform = await testPlatform(userPool, { clock: new ManualClock(new Date()) })
    return new RunningPool(platform, await startService(userPool, platform))
  }

  async close(): Promise<void> {
    await this.served.close()
    await this.platform.close()
  }

  /** Another process's server of the same pool: the same database and keys, another port. */
  async another(): Promise<RunningPool> {
    const port = await freePort()
    const platform = await testPlatform(userPool, { on: this.platform })
    const config = { ...platform.config, ports: { ...platform.config.ports, userPool: port } }
    const served = await startService(userPool, { ...platform, config })
    return new RunningPool(platform, served, `http://127.0.0.1:${port}`)
  }

  get pool() {
    return this.platform.config.pool
  }

  sdk(credentials = this.pool.keys, endpoint = this.url): CognitoIdentityProvider {
    const { region } = this.platform.config
    return new CognitoIdentityProvider({ endpoint, region, credentials, maxAttempts: 1 })
  }

  /** A request as it stands on the wire. */
  async raw(operation: string | undefined, body: string | object, headers: Record<string, string> = {}) {
    const response = await fetch(this.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        ...(operation === undefined ? {} : { 'x-amz-target': `AWSCognitoIdentityProviderService.${operation}` }),
        ...headers,
      },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
    const text = await response.text()
    return { status: response.status, headers: response.headers, body: JSON.parse(text) as Record<string, string> }
  }

  /** ClientId and SecretHash of the confidential client. */
  confidential(username: string) {
    const { clientId, clientSecret } = this.pool
    return { ClientId: clientId, SecretHash: secretHash(clientSecret, username, clientId) }
  }

  async mails(email: string): Promise<string[]> {
    const mails = await new MailboxMailer(join(this.platform.config.dataDir, 'mailbox')).messages(email)
    return mails.map(({ text }) => text)
  }

  /** The newest of at least `count` codes that were mailed. */
  async mailedCode(email: string, count = 1): Promise<string> {
    const mails = await until(async () => {
      const all = await this.mails(email)
      return all.length >= count && all
    })
    return /\d{6}/.exec(mails[0]!)![0]
  }

  newPerson(): Person {
    return new Person(this, `pessoa.${randomBytes(6).toString('hex')}@exemplo.com.br`)
  }

  async confirmedPerson(): Promise<Person> {
    const person = this.newPerson()
    await person.signUp()
    await person.confirm(await this.mailedCode(person.email))
    return person
  }

  /** Somebody with an authenticator app; the step that enrolled it has passed. */
  async enrolledPerson(): Promise<Person> {
    const person = await this.confirmedPerson()
    await person.enrol()
    this.clock.advance(60)
    return person
  }
}

/** Somebody at the public client, or at the confidential one. */
export class Person {
  sub = ''
  secret = ''

  constructor(
    private readonly at: RunningPool,
    readonly email: string,
    /** Where the confidential client says that the person is; undefined is the public client. */
    readonly address?: string,
  ) {}

  /** The same person through the confidential client. */
  from(address: string): Person {
    return Object.assign(new Person(this.at, this.email, address), { sub: this.sub, secret: this.secret })
  }

  get clientId(): string {
    return this.address === undefined ? this.at.pool.publicClientId : this.at.pool.clientId
  }

  get #identity() {
    return this.address === undefined ? { ClientId: this.clientId } : this.at.confidential(this.email)
  }

  #hash(username: string): Record<string, string> {
    return this.address === undefined ? {} : { SECRET_HASH: this.at.confidential(username).SecretHash }
  }

  get #context() {
    return this.address === undefined ? {} : { UserContextData: { IpAddress: this.address } }
  }

  async signUp(password = PASSWORD) {
    const UserAttributes = [{ Name: 'name', Value: 'Pessoa de Teste' }]
    const answer = await this.at
      .sdk()
      .signUp({ ...this.#identity, ...this.#context, Username: this.email, Password: password, UserAttributes })
    this.sub = answer.UserSub!
    return answer
  }

  confirm(code: string) {
    const { email } = this
    return this.at.sdk().confirmSignUp({ ...this.#identity, ...this.#context, Username: email, ConfirmationCode: code })
  }

  resend() {
    return this.at.sdk().resendConfirmationCode({ ...this.#identity, Username: this.email })
  }

  password(password = PASSWORD, username = this.email, url = this.at.url) {
    return this.at.sdk(undefined, url).initiateAuth({
      AuthFlow: 'USER_PASSWORD_AUTH',
      ClientId: this.clientId,
      AuthParameters: { USERNAME: username, PASSWORD: password, ...this.#hash(username) },
      ...this.#context,
    })
  }

  code(session: string | undefined, code: string, username = this.email) {
    return this.at.sdk().respondToAuthChallenge({
      ChallengeName: 'SOFTWARE_TOKEN_MFA',
      ClientId: this.clientId,
      Session: session,
      ChallengeResponses: { USERNAME: username, SOFTWARE_TOKEN_MFA_CODE: code, ...this.#hash(username) },
      ...this.#context,
    })
  }

  finishSetup(session: string | undefined, username = this.email) {
    return this.at.sdk().respondToAuthChallenge({
      ChallengeName: 'MFA_SETUP',
      ClientId: this.clientId,
      Session: session,
      ChallengeResponses: { USERNAME: username, ...this.#hash(username) },
    })
  }

  /** First sign-in: enrols an authenticator app, which uses up its current step. */
  async enrol() {
    const first = await this.password()
    const { SecretCode, Session } = await this.at.sdk().associateSoftwareToken({ Session: first.Session })
    this.secret = SecretCode!
    const verified = await this.at.sdk().verifySoftwareToken({ Session, UserCode: appCode(this.secret, this.at.clock) })
    return (await this.finishSetup(verified.Session)).AuthenticationResult!
  }

  /** Password and code; the step of the code is over afterwards. */
  async signIn() {
    const { Session } = await this.password()
    const answer = await this.code(Session, appCode(this.secret, this.at.clock))
    this.at.clock.advance(60)
    return answer.AuthenticationResult!
  }
}

/** The name of what a call was refused with. */
export async function refused(call: Promise<unknown>): Promise<string> {
  try {
    await call
  } catch (error) {
    return (error as Error).name
  }
  return 'not refused'
}

/** Name and message of a refusal. */
export async function refusalOf(call: Promise<unknown>): Promise<{ name: string; message: string }> {
  try {
    await call
  } catch (error) {
    const { name, message } = error as Error
    return { name, message }
  }
  throw new Error('The call was not refused.')
}

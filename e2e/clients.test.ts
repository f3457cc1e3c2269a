import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
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
const storeKeys = { OBJECT_STORE_ACCESS_KEY_ID: 'BKOSTESTTESTTESTTEST', OBJECT_STORE_SECRET_ACCESS_KEY: 's'.repeat(40) }

describe('clients made for AWS, told only another endpoint', () => {
  let balcao: Balcao
  let clips: Clips
  let pool: { userPoolId: string; clientId: string; endpoint: string; region: string }

  onFailure(() => ({ balcao }))

  beforeAll(async () => {
    clips = await Clips.open()
    balcao = await startBalcao({ env: { ...poolKeys, ...storeKeys } })
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

  describe('the AWS CLI and the object store', () => {
    const { OBJECT_STORE_ACCESS_KEY_ID: id, OBJECT_STORE_SECRET_ACCESS_KEY: secret } = storeKeys
    const s3 = (...args: string[]) => cli([id, secret], '--endpoint-url', balcao.objectStoreUrl, 's3', ...args)

    it('copies a file in and out, in one piece and in parts, and lists it', async () => {
      for (const [name, file] of [
        ['curto.mp4', clips.small],
        ['em família/grande.mkv', clips.large],
      ] as const) {
        await s3('cp', '--no-progress', file, `s3://balcao-media/cli/${name}`)
        await s3('cp', '--no-progress', `s3://balcao-media/cli/${name}`, join(clips.dir, 'volta'))
        expect((await readFile(join(clips.dir, 'volta'))).equals(await readFile(file))).toBe(true)
      }
      expect(await s3('ls')).toContain('balcao-media')
      const listed = await s3('ls', 's3://balcao-media/cli/')
      expect(listed).toContain('curto.mp4')
      expect(listed).toContain('PRE em família/')
      expect(await s3('ls', '--recursive', 's3://balcao-media/cli/')).toContain(
        `${clips.sizeOf(clips.large)} cli/em família`,
      )
      await s3('rm', '--recursive', 's3://balcao-media/cli/')
      await expect(s3('ls', 's3://balcao-media/cli/')).rejects.toThrow()
    })

    it('is refused with other keys', async () => {
      const ask = ['--endpoint-url', balcao.objectStoreUrl, 's3', 'ls', 's3://balcao-media/']
      await expect(cli([id, 'x'.repeat(40)], ...ask)).rejects.toThrow('SignatureDoesNotMatch')
    })
  })

  describe('boto3', () => {
    it('uploads in parts, lists, reads ranges, signs URLs and deletes', async () => {
      const python = process.env.PEER_PYTHON
      if (!python) throw new Error('PEER_PYTHON is not set: it names a Python with boto3. .ci/run makes one.')
      const script = join(import.meta.dirname, 'support', 'boto3_client.py')
      const { stdout } = await run(python, [script, balcao.objectStoreUrl, clips.large], {
        env: {
          PATH: process.env.PATH,
          ID: storeKeys.OBJECT_STORE_ACCESS_KEY_ID,
          SECRET: storeKeys.OBJECT_STORE_SECRET_ACCESS_KEY,
        },
      })
      expect(stdout.trim()).toBe('all right')
    })
  })

  describe.each([
    [
      'rclone',
      {
        up: (file: string, key: string) => ['copyto', file, `balcao:balcao-media/${key}`],
        down: (key: string, file: string) => ['copyto', `balcao:balcao-media/${key}`, file],
        list: (prefix: string) => ['lsf', '-R', '--files-only', `balcao:balcao-media/${prefix}`],
        copy: (key: string, to: string) => ['copyto', `balcao:balcao-media/${key}`, `balcao:balcao-media/${to}`],
        link: (key: string) => ['link', '--expire', '60s', `balcao:balcao-media/${key}`],
        remove: (prefix: string) => ['delete', `balcao:balcao-media/${prefix}`],
      },
    ],
    [
      's3cmd',
      {
        up: (file: string, key: string) => ['put', file, `s3://balcao-media/${key}`],
        down: (key: string, file: string) => ['get', '--force', `s3://balcao-media/${key}`, file],
        list: (prefix: string) => ['ls', '--recursive', `s3://balcao-media/${prefix}`],
        copy: (key: string, to: string) => ['cp', `s3://balcao-media/${key}`, `s3://balcao-media/${to}`],
        link: undefined,
        remove: (prefix: string) => ['del', '--recursive', '--force', `s3://balcao-media/${prefix}`],
      },
    ],
  ])('%s', (program, does) => {
    const { OBJECT_STORE_ACCESS_KEY_ID: id, OBJECT_STORE_SECRET_ACCESS_KEY: secret } = storeKeys
    const ask = async (args: readonly string[]): Promise<string> => {
      const { host } = new URL(balcao.objectStoreUrl)
      const options =
        program === 'rclone'
          ? ['--s3-upload-cutoff', '8M', '--s3-chunk-size', '8M', '--retries', '1']
          : [
              ...['-c', '/dev/null', '--access_key', id, '--secret_key', secret, '--no-ssl', '--region', pool.region],
              ...['--host', host, '--host-bucket', host, '--multipart-chunk-size-mb', '8', '--no-progress'],
            ]
      const env = {
        PATH: '/usr/bin:/bin',
        HOME: clips.dir,
        LANG: 'C.UTF-8',
        RCLONE_CONFIG_BALCAO_TYPE: 's3',
        RCLONE_CONFIG_BALCAO_PROVIDER: 'Other',
        RCLONE_CONFIG_BALCAO_ENDPOINT: balcao.objectStoreUrl,
        RCLONE_CONFIG_BALCAO_REGION: pool.region,
        RCLONE_CONFIG_BALCAO_ACCESS_KEY_ID: id,
        RCLONE_CONFIG_BALCAO_SECRET_ACCESS_KEY: secret,
      }
      return (await run(`/usr/bin/${program}`, [...options, ...args], { env })).stdout
    }

    it('sends and reads a file in one piece and in parts, lists, copies and deletes', async () => {
      const at = `clientes/${program}`
      for (const [name, file] of [
        ['curto.mp4', clips.small],
        ['em família/ação & reação.mkv', clips.large],
      ] as const) {
        await ask(does.up(file, `${at}/${name}`))
        const back = join(clips.dir, `${program}-volta`)
        await ask(does.down(`${at}/${name}`, back))
        expect((await readFile(back)).equals(await readFile(file))).toBe(true)
      }
      await ask(does.copy(`${at}/em família/ação & reação.mkv`, `${at}/cópia.mkv`))
      const listed = await ask(does.list(`${at}/`))
      for (const name of ['curto.mp4', 'em família/ação & reação.mkv', 'cópia.mkv']) expect(listed).toContain(name)
      if (does.link) {
        const url = (await ask(does.link(`${at}/curto.mp4`))).trim()
        const bytes = Buffer.from(await (await fetch(url)).arrayBuffer())
        expect(bytes.equals(await readFile(clips.small))).toBe(true)
      }
      await ask(does.remove(`${at}/`))
      expect(await ask(does.list(at)).catch(() => '')).toBe('')
    })
  })
})

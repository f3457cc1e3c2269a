import { createHmac } from 'node:crypto'
import {
  AdminGetUserCommand,
  AssociateSoftwareTokenCommand,
  type AuthenticationResultType,
  CognitoIdentityProviderClient,
  ConfirmSignUpCommand,
  GetTokensFromRefreshTokenCommand,
  GetUserCommand,
  InitiateAuthCommand,
  type InitiateAuthCommandOutput,
  ResendConfirmationCodeCommand,
  RespondToAuthChallengeCommand,
  RevokeTokenCommand,
  SignUpCommand,
  VerifySoftwareTokenCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import type { Config, Platform } from '@balcao/platform'
import type { Users } from '../application/users.ts'
import { refusals } from '../domain/refusals.ts'
import type { MfaChallenge, PoolTokens, PoolUser, SignInStep } from '../domain/sign-in.ts'
import { isPoolError, type Meaning, meanings, refusalFor } from './cognito-errors.ts'

/** The user pool over Cognito's protocol: the embedded one and Amazon's differ in their address only. */
export class CognitoUsers implements Users {
  readonly #client: CognitoIdentityProviderClient
  readonly #pool: Config['pool']

  constructor(
    config: Pick<Config, 'pool' | 'region' | 'urls'>,
    private readonly log: Platform['log'],
  ) {
    this.#pool = config.pool
    this.#client = new CognitoIdentityProviderClient({
      region: config.region,
      endpoint: config.urls.userPool,
      credentials: config.pool.keys,
      // One retry mends a connection that the pool's restart has closed.
      maxAttempts: 2,
      requestHandler: { connectionTimeout: 2000, requestTimeout: 10_000, throwOnRequestTimeout: true },
    })
  }

  async signUp(input: { name: string; email: string; password: string; address: string }) {
    try {
      const { UserSub } = await this.#client.send(
        new SignUpCommand({
          ...this.#as(input.email, input.address),
          Username: input.email,
          Password: input.password,
          UserAttributes: [
            { Name: 'email', Value: input.email },
            { Name: 'name', Value: input.name },
          ],
        }),
      )
      return { sub: UserSub! }
    } catch (error) {
      if (isPoolError(error, 'UsernameExistsException')) return undefined
      throw refusalFor(error, meanings.signUp, this.log)
    }
  }

  async confirm({ email, code, address }: { email: string; code: string; address: string }) {
    await this.#ask(meanings.confirm, () =>
      this.#client.send(
        new ConfirmSignUpCommand({ ...this.#as(email, address), Username: email, ConfirmationCode: code }),
      ),
    )
  }

  async resendCode({ email, address }: { email: string; address: string }) {
    try {
      await this.#client.send(new ResendConfirmationCodeCommand({ ...this.#as(email, address), Username: email }))
    } catch (error) {
      // Unknown, or confirmed already.
      if (isPoolError(error, 'UserNotFoundException') || isPoolError(error, 'InvalidParameterException')) return
      throw refusalFor(error, {}, this.log)
    }
  }

  async find(email: string) {
    try {
      const user = await this.#client.send(new AdminGetUserCommand({ UserPoolId: this.#pool.id, Username: email }))
      return { sub: attribute(user.UserAttributes, 'sub'), confirmed: user.UserStatus !== 'UNCONFIRMED' }
    } catch (error) {
      if (isPoolError(error, 'UserNotFoundException')) return undefined
      throw refusalFor(error, {}, this.log)
    }
  }

  async login(input: { username: string; password: string; address: string }): Promise<SignInStep> {
    const { UserContextData, SecretHash } = this.#as(input.username, input.address)
    const answer = await this.#ask(meanings.login, () =>
      this.#client.send(
        new InitiateAuthCommand({
          AuthFlow: 'USER_PASSWORD_AUTH',
          ClientId: this.#pool.clientId,
          AuthParameters: { USERNAME: input.username, PASSWORD: input.password, SECRET_HASH: SecretHash },
          UserContextData,
        }),
      ),
    )
    return nextStep(answer, input.username)
  }

  async respondToMfa(
    pending: { challenge: MfaChallenge; username: string; session: string },
    code: string,
    address: string,
  ): Promise<PoolTokens> {
    return this.#respond(pending.challenge, pending, { [`${pending.challenge}_CODE`]: code }, address)
  }

  async beginSoftwareToken(session: string) {
    const { SecretCode, Session } = await this.#ask(meanings.mfa, () =>
      this.#client.send(new AssociateSoftwareTokenCommand({ Session: session })),
    )
    return { secret: SecretCode!, session: Session! }
  }

  async verifySoftwareToken(session: string, code: string, deviceName?: string) {
    const { Session } = await this.#ask(meanings.mfa, () =>
      this.#client.send(
        new VerifySoftwareTokenCommand({ Session: session, UserCode: code, FriendlyDeviceName: deviceName }),
      ),
    )
    return { session: Session! }
  }

  async finishMfaSetup(verified: { username: string; session: string }, address: string): Promise<PoolTokens> {
    return this.#respond('MFA_SETUP', verified, {}, address)
  }

  async refresh(refreshToken: string): Promise<PoolTokens> {
    const { AuthenticationResult } = await this.#ask(meanings.refresh, () =>
      this.#client.send(new GetTokensFromRefreshTokenCommand({ ...this.#credentials(), RefreshToken: refreshToken })),
    )
    return tokensOf(AuthenticationResult)
  }

  async revoke(refreshToken: string) {
    try {
      await this.#client.send(new RevokeTokenCommand({ ...this.#credentials(), Token: refreshToken }))
    } catch (error) {
      const dead = ['NotAuthorizedException', 'UnauthorizedException', 'InvalidParameterException']
      if (dead.some((name) => isPoolError(error, name))) return
      throw refusalFor(error, {}, this.log)
    }
  }

  async describe(accessToken: string): Promise<PoolUser> {
    const user = await this.#ask(meanings.describe, () =>
      this.#client.send(new GetUserCommand({ AccessToken: accessToken })),
    )
    return {
      sub: attribute(user.UserAttributes, 'sub'),
      email: attribute(user.UserAttributes, 'email'),
      name: attribute(user.UserAttributes, 'name'),
      mfaEnabled: (user.UserMFASettingList ?? []).length > 0,
    }
  }

  async #respond(
    challenge: MfaChallenge | 'MFA_SETUP',
    { username, session }: { username: string; session: string },
    responses: Record<string, string>,
    address: string,
  ): Promise<PoolTokens> {
    const { UserContextData, SecretHash } = this.#as(username, address)
    const answer = await this.#ask(meanings.mfa, () =>
      this.#client.send(
        new RespondToAuthChallengeCommand({
          ChallengeName: challenge,
          ClientId: this.#pool.clientId,
          Session: session,
          ChallengeResponses: { USERNAME: username, SECRET_HASH: SecretHash, ...responses },
          UserContextData,
        }),
      ),
    )
    return tokensOf(answer.AuthenticationResult)
  }

  async #ask<T>(meaning: Meaning, call: () => Promise<T>): Promise<T> {
    try {
      return await call()
    } catch (error) {
      throw refusalFor(error, meaning, this.log)
    }
  }

  /** Who asks for whom: our client, its proof for that username, and the person's address. */
  #as(username: string, address: string) {
    const hmac = createHmac('sha256', this.#pool.clientSecret).update(username + this.#pool.clientId)
    return {
      ClientId: this.#pool.clientId,
      SecretHash: hmac.digest('base64'),
      UserContextData: { IpAddress: address },
    }
  }

  #credentials() {
    return { ClientId: this.#pool.clientId, ClientSecret: this.#pool.clientSecret }
  }
}

function nextStep(answer: InitiateAuthCommandOutput, typed: string): SignInStep {
  // An alias was typed; challenges are answered with the pool's own name for the user.
  const username = answer.ChallengeParameters?.USER_ID_FOR_SRP ?? typed
  switch (answer.ChallengeName) {
    case undefined:
      return { kind: 'tokens', tokens: tokensOf(answer.AuthenticationResult) }
    case 'SOFTWARE_TOKEN_MFA':
    case 'SMS_MFA':
      return { kind: 'mfa', challenge: answer.ChallengeName, username, session: answer.Session! }
    case 'MFA_SETUP':
      return { kind: 'setup', username, session: answer.Session! }
    default:
      throw refusals.unsupportedChallenge()
  }
}

function tokensOf(result: AuthenticationResultType | undefined): PoolTokens {
  if (!result?.AccessToken) throw refusals.unsupportedChallenge()
  return {
    accessToken: result.AccessToken,
    idToken: result.IdToken!,
    refreshToken: result.RefreshToken!,
    expiresIn: result.ExpiresIn!,
  }
}

function attribute(attributes: { Name?: string | undefined; Value?: string | undefined }[] | undefined, name: string) {
  return attributes?.find(({ Name }) => Name === name)?.Value ?? ''
}

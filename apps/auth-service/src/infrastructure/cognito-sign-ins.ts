import {
  AssociateSoftwareTokenCommand,
  type AuthenticationResultType,
  GetTokensFromRefreshTokenCommand,
  InitiateAuthCommand,
  type InitiateAuthCommandOutput,
  RespondToAuthChallengeCommand,
  RevokeTokenCommand,
  VerifySoftwareTokenCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import type { SignIns } from '../application/sign-ins.ts'
import { refusals } from '../domain/refusals.ts'
import type { MfaChallenge, PoolTokens, SignInStep } from '../domain/sign-in.ts'
import type { CognitoClient } from './cognito-client.ts'
import { meanings } from './cognito-errors.ts'

export class CognitoSignIns implements SignIns {
  constructor(private readonly client: CognitoClient) {}

  async login({ username, password, address }: { username: string; password: string; address: string }) {
    const { ClientId, SecretHash, UserContextData } = this.client.for(username, address)
    const command = new InitiateAuthCommand({
      AuthFlow: 'USER_PASSWORD_AUTH',
      ClientId,
      AuthParameters: { USERNAME: username, PASSWORD: password, SECRET_HASH: SecretHash },
      UserContextData,
    })
    return nextStep(await this.client.ask(meanings.login, (sdk) => sdk.send(command)), username)
  }

  respondToMfa(
    pending: { challenge: MfaChallenge; username: string; session: string },
    code: string,
    address: string,
  ): Promise<PoolTokens> {
    return this.#respond(pending.challenge, pending, { [`${pending.challenge}_CODE`]: code }, address)
  }

  async beginSoftwareToken(session: string) {
    const command = new AssociateSoftwareTokenCommand({ Session: session })
    const { SecretCode, Session } = await this.client.ask(meanings.mfa, (sdk) => sdk.send(command))
    return { secret: SecretCode!, session: Session! }
  }

  async verifySoftwareToken(session: string, code: string, deviceName?: string) {
    const command = new VerifySoftwareTokenCommand({ Session: session, UserCode: code, FriendlyDeviceName: deviceName })
    const { Session } = await this.client.ask(meanings.mfa, (sdk) => sdk.send(command))
    return { session: Session! }
  }

  finishMfaSetup(verified: { username: string; session: string }, address: string): Promise<PoolTokens> {
    return this.#respond('MFA_SETUP', verified, {}, address)
  }

  async refresh(refreshToken: string): Promise<PoolTokens> {
    const command = new GetTokensFromRefreshTokenCommand({ ...this.#credentials(), RefreshToken: refreshToken })
    const { AuthenticationResult } = await this.client.ask(meanings.refresh, (sdk) => sdk.send(command))
    return tokensOf(AuthenticationResult)
  }

  async revoke(refreshToken: string) {
    const command = new RevokeTokenCommand({ ...this.#credentials(), Token: refreshToken })
    const dead = ['NotAuthorizedException', 'UnauthorizedException', 'InvalidParameterException']
    await this.client.askUnless(dead, meanings.revoke, (sdk) => sdk.send(command))
  }

  async #respond(
    challenge: MfaChallenge | 'MFA_SETUP',
    { username, session }: { username: string; session: string },
    responses: Record<string, string>,
    address: string,
  ): Promise<PoolTokens> {
    const { ClientId, SecretHash, UserContextData } = this.client.for(username, address)
    const command = new RespondToAuthChallengeCommand({
      ChallengeName: challenge,
      ClientId,
      Session: session,
      ChallengeResponses: { USERNAME: username, SECRET_HASH: SecretHash, ...responses },
      UserContextData,
    })
    return tokensOf((await this.client.ask(meanings.mfa, (sdk) => sdk.send(command))).AuthenticationResult)
  }

  #credentials() {
    return { ClientId: this.client.pool.clientId, ClientSecret: this.client.pool.clientSecret }
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

import {
  AdminGetUserCommand,
  type AttributeType,
  ConfirmSignUpCommand,
  GetUserCommand,
  ResendConfirmationCodeCommand,
  SignUpCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import type { Users } from '../application/users.ts'
import type { PoolUser } from '../domain/sign-in.ts'
import type { CognitoClient } from './cognito-client.ts'
import { meanings } from './cognito-errors.ts'

export class CognitoUsers implements Users {
  constructor(private readonly client: CognitoClient) {}

  async signUp(input: { name: string; email: string; password: string; address: string }) {
    const command = new SignUpCommand({
      ...this.client.for(input.email, input.address),
      Username: input.email,
      Password: input.password,
      UserAttributes: [
        { Name: 'email', Value: input.email },
        { Name: 'name', Value: input.name },
      ],
    })
    const created = await this.client.askUnless(['UsernameExistsException'], meanings.signUp, (sdk) =>
      sdk.send(command),
    )
    return created && { sub: created.UserSub! }
  }

  async confirm({ email, code, address }: { email: string; code: string; address: string }) {
    const command = new ConfirmSignUpCommand({
      ...this.client.for(email, address),
      Username: email,
      ConfirmationCode: code,
    })
    await this.client.ask(meanings.confirm, (sdk) => sdk.send(command))
  }

  async resendCode({ email, address }: { email: string; address: string }) {
    const command = new ResendConfirmationCodeCommand({ ...this.client.for(email, address), Username: email })
    const unknownOrConfirmed = ['UserNotFoundException', 'InvalidParameterException']
    await this.client.askUnless(unknownOrConfirmed, {}, (sdk) => sdk.send(command))
  }

  async find(email: string) {
    const command = new AdminGetUserCommand({ UserPoolId: this.client.pool.id, Username: email })
    const user = await this.client.askUnless(['UserNotFoundException'], {}, (sdk) => sdk.send(command))
    return user && { sub: attribute(user.UserAttributes, 'sub'), confirmed: user.UserStatus !== 'UNCONFIRMED' }
  }

  async addressOf(sub: string) {
    const command = new AdminGetUserCommand({ UserPoolId: this.client.pool.id, Username: sub })
    const user = await this.client.askUnless(['UserNotFoundException'], {}, (sdk) => sdk.send(command))
    const verified = attribute(user?.UserAttributes, 'email_verified') === 'true'
    return verified ? attribute(user?.UserAttributes, 'email') : undefined
  }

  async describe(accessToken: string): Promise<PoolUser> {
    const command = new GetUserCommand({ AccessToken: accessToken })
    const user = await this.client.ask(meanings.describe, (sdk) => sdk.send(command))
    return {
      sub: attribute(user.UserAttributes, 'sub'),
      email: attribute(user.UserAttributes, 'email'),
      name: attribute(user.UserAttributes, 'name'),
      mfaEnabled: (user.UserMFASettingList ?? []).length > 0,
    }
  }
}

/** Empty where the pool has none: whoever signed up there directly may have given no name. */
const attribute = (attributes: AttributeType[] | undefined, name: string): string =>
  attributes?.find(({ Name }) => Name === name)?.Value ?? ''

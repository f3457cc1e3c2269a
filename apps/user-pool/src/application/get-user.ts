import { attributesOf, mfaSettingsOf } from '../domain/user.ts'
import type { AccessTokens } from './access-tokens.ts'
import type { Operation } from './operation.ts'

/** The account that an access token speaks for. */
export class GetUser implements Operation<{ readonly AccessToken: string }> {
  constructor(private readonly accessTokens: AccessTokens) {}

  /** @throws AppError NotAuthorizedException */
  async run(input: { readonly AccessToken: string }) {
    const { user } = await this.accessTokens.check(input.AccessToken)
    return { Username: user.sub, UserAttributes: attributesOf(user), ...mfaSettingsOf(user) }
  }
}

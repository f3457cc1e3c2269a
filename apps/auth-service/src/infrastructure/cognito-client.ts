import { createHmac } from 'node:crypto'
import {
  CognitoIdentityProviderClient,
  type CognitoIdentityProviderClientConfig,
} from '@aws-sdk/client-cognito-identity-provider'
import type { Config, Platform } from '@balcao/platform'
import { type Meaning, refusalFor } from './cognito-errors.ts'

/** Our app client at the user pool, over Cognito's protocol: the embedded pool and Amazon's differ in address only. */
export class CognitoClient {
  readonly pool: Config['pool']
  readonly #sdk: CognitoIdentityProviderClient

  constructor(
    config: Pick<Config, 'pool' | 'region' | 'urls'>,
    private readonly log: Platform['log'],
  ) {
    this.pool = config.pool
    this.#sdk = new CognitoIdentityProviderClient({
      region: config.region,
      endpoint: config.urls.userPool,
      credentials: config.pool.keys,
      retryStrategy: onceMoreWhereTheConnectionBroke,
      requestHandler: { connectionTimeout: 2000, requestTimeout: 10_000, throwOnRequestTimeout: true },
    })
  }

  /** Runs one call. @throws AppError that says what its failure means */
  async ask<T>(meaning: Meaning, call: (sdk: CognitoIdentityProviderClient) => Promise<T>): Promise<T> {
    try {
      return await call(this.#sdk)
    } catch (error) {
      throw refusalFor(error, meaning, this.log)
    }
  }

  /** Like `ask`, where some of the pool's exceptions are no failure: the answer is then undefined. */
  async askUnless<T>(
    exceptions: readonly string[],
    meaning: Meaning,
    call: (sdk: CognitoIdentityProviderClient) => Promise<T>,
  ): Promise<T | undefined> {
    try {
      return await call(this.#sdk)
    } catch (error) {
      if (error instanceof Error && exceptions.includes(error.name)) return undefined
      throw refusalFor(error, meaning, this.log)
    }
  }

  /** Who asks for whom: our client, its proof for that username, and the person's address. */
  for(username: string, address: string) {
    const { clientId, clientSecret } = this.pool
    return {
      ClientId: clientId,
      SecretHash: createHmac('sha256', clientSecret)
        .update(username + clientId)
        .digest('base64'),
      UserContextData: { IpAddress: address },
    }
  }
}

const attempt = (retries: number) => ({ getRetryCount: () => retries, getRetryDelay: () => 50 })

/** The pool's restart closes connections, which one more try mends. Nothing else is tried again: a person waits for the
 *  answer, a code counts as one try, and a pool that says "too many" is believed. */
const onceMoreWhereTheConnectionBroke: CognitoIdentityProviderClientConfig['retryStrategy'] = {
  acquireInitialRetryToken: async () => attempt(0),
  refreshRetryTokenForRetry: async (token, { error }) => {
    const broken = ['ECONNRESET', 'ECONNREFUSED', 'EPIPE'].includes(
      (error as NodeJS.ErrnoException | undefined)?.code ?? '',
    )
    if (!broken || token.getRetryCount() > 0) throw error
    return attempt(1)
  },
  recordSuccess: () => {},
}

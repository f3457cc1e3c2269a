import type { Config } from '@balcao/platform'
import type { AppClient, Pool } from './domain/pool.ts'

const HOUR = 3600
const DAY = 24 * HOUR

const lifetimes = { accessTokenSeconds: HOUR, idTokenSeconds: HOUR, refreshTokenSeconds: 30 * DAY }

/** The pool `contas`: accounts named by e-mail, password and authenticator app always (D1-30, D1-39). */
export function contas({ pool, urls }: Config): Pool {
  /** The auth-service's. */
  const confidential: AppClient = {
    ...lifetimes,
    id: pool.clientId,
    name: 'video-streaming-client',
    secret: pool.clientSecret,
    flows: new Set(['USER_PASSWORD_AUTH']),
    rotation: { graceSeconds: 60 },
  }
  /** For SDKs in browsers and phones: they keep no secret, and refresh by REFRESH_TOKEN_AUTH, which excludes rotation. */
  const publicClient: AppClient = {
    ...lifetimes,
    id: pool.publicClientId,
    name: 'public-client',
    secret: undefined,
    flows: new Set(['USER_PASSWORD_AUTH', 'REFRESH_TOKEN_AUTH']),
    rotation: undefined,
  }
  return {
    id: pool.id,
    name: 'contas',
    issuer: `${urls.userPool}/${pool.id}`,
    clients: new Map([confidential, publicClient].map((client) => [client.id, client])),
    passwordPolicy: { minimumLength: 12 },
    perAddress: { failures: { count: 100, seconds: 900 }, signUps: { count: 100, seconds: HOUR } },
  }
}

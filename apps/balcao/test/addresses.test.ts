import { loadConfig } from '@balcao/platform/open'
import { describe, expect, it } from 'vitest'
import { addressesOf } from '../src/addresses.ts'
import { chosenServices, PARTS } from '../src/services.ts'

function addresses(env: Record<string, string>) {
  const keys = { OBJECT_STORE_ACCESS_KEY_ID: 'a'.repeat(16), OBJECT_STORE_SECRET_ACCESS_KEY: 's'.repeat(16) }
  const ids = {
    COGNITO_USER_POOL_ID: 'sa-east-1_AbCdEfGh1',
    COGNITO_CLIENT_ID: 'c'.repeat(26),
    COGNITO_CLIENT_SECRET: 's'.repeat(40),
  }
  const rest = {
    COGNITO_PUBLIC_CLIENT_ID: 'p'.repeat(26),
    USER_POOL_ACCESS_KEY_ID: 'u'.repeat(20),
    USER_POOL_SECRET_ACCESS_KEY: 's'.repeat(40),
  }
  const config = loadConfig({ ...keys, ...ids, ...rest, DATABASE_URL: 'postgres://x/y', ...env }, PARTS)
  return addressesOf(config, chosenServices(config))
}

describe('a process says where it listens', () => {
  it.each([
    [{ SERVICES: 'user-pool', ROLE: 'all', USER_POOL_PORT: '4001' }, [['user-pool', 'http://127.0.0.1:4001']]],
    [{ SERVICES: 'object-store', ROLE: 'all', OBJECT_STORE_PORT: '4002' }, [['object-store', 'http://127.0.0.1:4002']]],
    [{ SERVICES: 'auth,web', ROLE: 'http', PORT: '4000' }, [['http', 'http://127.0.0.1:4000']]],
    [{ SERVICES: 'auth,video-processor', ROLE: 'worker' }, []],
    [{ SERVICES: 'video-processor', ROLE: 'worker', METRICS_PORT: '4009' }, [['metrics', 'http://127.0.0.1:4009']]],
    [
      { SERVICES: 'user-pool,web', ROLE: 'all', PORT: '4000', USER_POOL_PORT: '4001', HOST: '::1' },
      [
        ['user-pool', 'http://[::1]:4001'],
        ['http', 'http://[::1]:4000'],
      ],
    ],
  ])('%o', (env, expected) => {
    expect(addresses(env)).toEqual(expected)
  })
})

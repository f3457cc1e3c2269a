import { once } from 'node:events'
import { connect } from 'node:net'
import { AppError } from '@balcao/kernel'
import { loadConfig } from '@balcao/platform/open'
import { freePort } from '@balcao/testing'
import { expect, it } from 'vitest'
import { exitCodeOf } from '../src/exit-code.ts'
import { explain } from '../src/explain.ts'
import { PARTS } from '../src/services.ts'

const configOf = (env: Record<string, string> = {}) =>
  loadConfig(
    {
      COGNITO_USER_POOL_ID: 'sa-east-1_abcDEF123',
      COGNITO_CLIENT_ID: 'a'.repeat(26),
      COGNITO_CLIENT_SECRET: 's'.repeat(51),
      COGNITO_PUBLIC_CLIENT_ID: 'b'.repeat(26),
      USER_POOL_ACCESS_KEY_ID: 'A'.repeat(20),
      USER_POOL_SECRET_ACCESS_KEY: 'x'.repeat(40),
      OBJECT_STORE_ACCESS_KEY_ID: 'B'.repeat(20),
      OBJECT_STORE_SECRET_ACCESS_KEY: 'y'.repeat(40),
      ...env,
    },
    PARTS,
  )

/** What the system says where nothing listens. */
async function refusal(host: string, port: number): Promise<unknown> {
  const [error] = await once(connect({ host, port }), 'error')
  return error
}

it('names the address that refused, and the database where it is its own', async () => {
  const port = await freePort()
  const config = configOf({ DATABASE_URL: `postgresql://ana@127.0.0.1:${port}/balcao` })
  expect(explain(await refusal('127.0.0.1', port), config)).toBe(
    `Nothing answers at 127.0.0.1:${port}, the address of the database (DATABASE_URL). Check that address and that its server runs.`,
  )
})

it('names the store where the address is its own, by a name too', async () => {
  const port = await freePort()
  const config = configOf({ OBJECT_STORE_ENDPOINT: `http://localhost:${port}`, DATABASE_URL: 'postgresql://db/balcao' })
  const said = explain(await refusal('localhost', port), config)
  expect(said).toContain(`:${port}, the address of the object store (OBJECT_STORE_ENDPOINT, OBJECT_STORE_URL).`)
  expect(said).toMatch(/at (127\.0\.0\.1|\[::1\]):/)
})

it('blames nobody for an address that is no one of ours', () => {
  const error = Object.assign(new Error(), { code: 'ECONNREFUSED', address: '10.0.0.9', port: 5432 })
  const config = configOf({ DATABASE_URL: 'postgresql://10.0.0.1/balcao' })
  for (const known of [config, undefined])
    expect(explain(error, known)).toBe('Nothing answers at 10.0.0.9:5432. Check that address and that its server runs.')
})

it('knows the port of a database that is named without one, and its socket', () => {
  const tcp = Object.assign(new Error(), { code: 'ECONNREFUSED', address: '10.0.0.1', port: 5432 })
  expect(explain(tcp, configOf({ DATABASE_URL: 'postgresql://db.example/balcao' }))).toContain('DATABASE_URL')
  const socket = Object.assign(new Error(), { code: 'ECONNREFUSED', address: '/run/pg/.s.PGSQL.5432' })
  expect(explain(socket, configOf())).toContain('at /run/pg/.s.PGSQL.5432, the address of the database (DATABASE_URL)')
})

it('a wrong configuration ends with 78, anything else with 1', () => {
  expect(exitCodeOf(new AppError('invalid', 'config/invalid', 'PORT is not right.'))).toBe(78)
  expect(exitCodeOf(new AppError('conflict', 'data/in_use', 'Another one runs.'))).toBe(1)
  expect(exitCodeOf(new Error('anything'))).toBe(1)
})

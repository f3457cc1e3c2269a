import { describe, expect, it } from 'vitest'
import { loadConfig } from './config.ts'
import { isLoopbackUrl } from './loopback.ts'

const keys = {
  COGNITO_USER_POOL_ID: 'sa-east-1_abcDEF123',
  COGNITO_CLIENT_ID: 'a'.repeat(26),
  COGNITO_CLIENT_SECRET: 's'.repeat(51),
  COGNITO_PUBLIC_CLIENT_ID: 'b'.repeat(26),
  USER_POOL_ACCESS_KEY_ID: 'A'.repeat(20),
  USER_POOL_SECRET_ACCESS_KEY: 'x'.repeat(40),
  OBJECT_STORE_ACCESS_KEY_ID: 'B'.repeat(20),
  OBJECT_STORE_SECRET_ACCESS_KEY: 'y'.repeat(40),
}
const load = (env: Record<string, string> = {}) =>
  loadConfig({ ...keys, ...env }, ['auth', 'video-upload', 'video-download'])

describe('the configuration', () => {
  it('needs nothing but its keys: three ports in a row on this machine', () => {
    expect(load()).toMatchObject({
      ports: { http: 3000, userPool: 3001, objectStore: 3002 },
      urls: {
        public: 'http://127.0.0.1:3000',
        userPool: 'http://127.0.0.1:3001',
        objectStore: 'http://127.0.0.1:3002',
      },
      region: 'sa-east-1',
      store: { mediaBucket: 'balcao-media', tempBucket: 'video-temp-conversion' },
    })
  })

  it('takes an empty variable for one that is not set', () => {
    expect(load({ PORT: '' }).ports.http).toBe(3000)
  })

  it.each([
    ['PORT', 'seventy'],
    ['PUBLIC_URL', 'balcao.example'],
    ['COGNITO_USER_POOL_ID', 'contas'],
    ['ROLE', 'boss'],
  ])('names the variable that is wrong: %s=%s', (name, value) => {
    expect(() => load({ [name]: value })).toThrow(name)
  })

  it('refuses a service it does not know and says which there are', () => {
    expect(() => load({ SERVICES: 'auth,pix' })).toThrow(/"pix".*video-upload/)
  })

  it('D3-40: asks for the public addresses as soon as others can reach this machine', () => {
    expect(() => load({ HOST: '0.0.0.0' })).toThrow(/PUBLIC_URL, USER_POOL_URL, OBJECT_STORE_URL/)
    const urls = {
      PUBLIC_URL: 'https://a.example/',
      USER_POOL_URL: 'https://b.example',
      OBJECT_STORE_URL: 'https://c.example',
    }
    expect(load({ HOST: '0.0.0.0', ...urls }).urls.public).toBe('https://a.example')
  })

  it('keeps objects in our own store, or in the one that is named', () => {
    expect(load().store).toMatchObject({ kind: 'embedded', endpoint: 'http://127.0.0.1:3002' })
    const foreign = {
      OBJECT_STORE: 's3',
      OBJECT_STORE_URL: 'https://objects.example',
      OBJECT_STORE_ENDPOINT: 'http://10.0.0.5:8333',
      OBJECT_STORE_ACCESS_KEY_ID: 'minio',
      OBJECT_STORE_SECRET_ACCESS_KEY: 'minio123',
    }
    const { store, urls } = load(foreign)
    expect([store.kind, store.endpoint, urls.objectStore]).toEqual([
      's3',
      'http://10.0.0.5:8333',
      'https://objects.example',
    ])
    expect(() => load({ OBJECT_STORE: 's3' })).toThrow(/OBJECT_STORE=s3 keeps objects.*set OBJECT_STORE_URL/)
    expect(() => load({ STORE_EVENTS_TOKEN: 't'.repeat(32) })).toThrow(/STORE_EVENTS_TOKEN is set, but our own/)
    expect(() => load({ OBJECT_STORE_SECRET_ACCESS_KEY: 'short' })).toThrow(/at least 16 characters/)
  })

  it('D4-14: keeps short-lived values in PostgreSQL, or in the Redis that is named', () => {
    expect(load().cache).toEqual({ kind: 'postgres' })
    expect(load({ REDIS_HOST: 'redis.internal' }).cache).toMatchObject({ kind: 'redis', port: 6379, tls: false })
    expect(
      load({ REDIS_HOST: 'redis.internal', REDIS_PORT: '6380', REDIS_TLS: 'true', REDIS_PASSWORD: 'pw' }).cache,
    ).toMatchObject({ kind: 'redis', host: 'redis.internal', port: 6380, tls: true, password: 'pw' })
    expect(load({ PLATFORM: 'server', CACHE: 'postgres' }).cache).toEqual({ kind: 'postgres' })
  })

  it.each([
    ['a port of no Redis', { REDIS_PORT: '6379' }, /REDIS_PORT is set but no Redis is chosen: set REDIS_HOST too/],
    ['a password of no Redis', { REDIS_PASSWORD: 'pw' }, /REDIS_PASSWORD is set but no Redis/],
    [
      'a Redis beside another choice',
      { CACHE: 'postgres', REDIS_HOST: 'redis' },
      /REDIS_HOST is set and CACHE=postgres/,
    ],
    ['a choice without its Redis', { CACHE: 'redis' }, /CACHE=redis keeps its cache in Redis: set REDIS_HOST/],
    [
      'a server without its Redis',
      { PLATFORM: 'server' },
      /PLATFORM=server keeps its cache in Redis: set REDIS_HOST, or/,
    ],
    [
      'a name without a password',
      { REDIS_HOST: 'redis', REDIS_USERNAME: 'u' },
      /REDIS_USERNAME is set without REDIS_PASS/,
    ],
    [
      'an authority without TLS',
      { REDIS_HOST: 'redis', REDIS_CA_FILE: '/ca.pem' },
      /REDIS_CA_FILE is set without REDIS_TLS/,
    ],
    [
      'what Kubernetes puts there',
      { REDIS_HOST: 'redis', REDIS_PORT: 'tcp://10.0.0.1:6379' },
      /REDIS_PORT.*Kubernetes.*enableServiceLinks/,
    ],
    [
      'a port behind which there are none',
      { PORT: '65534' },
      /PORT=65534 leaves no port for the store: choose one up to 65533/,
    ],
    ['a port that is no number', { PORT: 'abc' }, /PORT.*a port: a number from 0 to 65535/],
    ['the same for our own services', { USER_POOL_PORT: 'tcp://10.0.0.1:3001' }, /USER_POOL_PORT.*Kubernetes/],
  ])('refuses %s with a sentence that says what to do', (_, env, sentence) => {
    expect(() => load(env)).toThrow(sentence)
  })

  it.each([
    ['http://127.0.0.1:3000', true],
    ['http://localhost', true],
    ['http://[::1]:3000', true],
    ['https://balcao.example', false],
    ['http://127.0.0.1.balcao.example', false],
  ])('knows whether %s stays on this machine', (address, expected) => {
    expect(isLoopbackUrl(address)).toBe(expected)
  })
})

import { describe, expect, it } from 'vitest'
import { isLoopbackUrl, loadConfig } from './config.ts'

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
const load = (env: Record<string, string> = {}) => loadConfig({ ...keys, ...env })

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

  it('asks for the public addresses as soon as others can reach this machine', () => {
    expect(() => load({ HOST: '0.0.0.0' })).toThrow(/PUBLIC_URL, USER_POOL_URL, OBJECT_STORE_URL/)
    const urls = {
      PUBLIC_URL: 'https://a.example/',
      USER_POOL_URL: 'https://b.example',
      OBJECT_STORE_URL: 'https://c.example',
    }
    expect(load({ HOST: '0.0.0.0', ...urls }).urls.public).toBe('https://a.example')
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

import { request } from 'node:http'
import type { Platform } from '@balcao/platform'
import { testApi, testPlatform } from '@balcao/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { authService } from '../src/index.ts'

let platform: Platform
const running: { close(): Promise<void> }[] = []

beforeAll(async () => {
  platform = await testPlatform(authService)
  running.push(await testApi(authService, platform, await authService.open(platform)))
  await platform.mailer.send({ to: 'ana@exemplo.com', subject: 'um', text: 'primeiro' })
  await platform.mailer.send({ to: 'bia@exemplo.com', subject: 'dois', text: 'segundo' })
  await platform.mailer.send({ to: 'ana@exemplo.com', subject: 'três', text: 'terceiro' })
})
afterAll(async () => {
  for (const each of running) await each.close()
  await platform.close()
})

/** GET with a Host header of our choice, which fetch does not allow. */
const get = (host: string, path = '/dev/mailbox', port = platform.config.ports.http) =>
  new Promise<{ status: number; body: { items: { subject: string }[] } }>((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path, headers: { host } }, async (answer) => {
      const chunks: Buffer[] = []
      for await (const chunk of answer) chunks.push(chunk)
      resolve({ status: answer.statusCode!, body: JSON.parse(Buffer.concat(chunks).toString()) })
    })
    asked.on('error', reject).end()
  })

it('lists what was sent, newest first, and to whom it is asked for', async () => {
  const all = await get('127.0.0.1')
  expect(all.body.items.map(({ subject }) => subject)).toEqual(['três', 'dois', 'um'])
  const hers = await get('127.0.0.1', '/dev/mailbox?to=ANA@exemplo.com')
  expect(hers.body.items.map(({ subject }) => subject)).toEqual(['três', 'um'])
})

it.each(['localhost:3000', '127.0.0.1:3000', '[::1]:3000'])('is there for %s', async (host) => {
  expect((await get(host)).status).toBe(200)
})

it.each(['evil.example', 'evil.example:3000', '127.0.0.1.evil.example', '127.evil.example', '192.168.0.7:3000'])(
  'is not there for a Host like %s',
  async (host) => {
    expect((await get(host)).status).toBe(404)
  },
)

it('is not there where the public address is not this machine', async () => {
  const open = await testPlatform(authService, { env: { PUBLIC_URL: 'https://balcao.example' } })
  const api = await testApi(authService, open, await authService.open(open))
  try {
    expect((await get('127.0.0.1', '/dev/mailbox', open.config.ports.http)).status).toBe(404)
  } finally {
    await api.close()
    await open.close()
  }
})

it('is not there where mail really leaves', async () => {
  const real = await testPlatform(authService, { mailer: { send: async () => {} } })
  const api = await testApi(authService, real, await authService.open(real))
  try {
    expect((await get('127.0.0.1', '/dev/mailbox', real.config.ports.http)).status).toBe(404)
  } finally {
    await api.close()
    await real.close()
  }
})

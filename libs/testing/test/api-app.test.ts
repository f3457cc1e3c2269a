import { once } from 'node:events'
import { connect } from 'node:net'
import { Centavos, type Route } from '@balcao/contracts'
import { AppError } from '@balcao/kernel'
import { defineService, type Identity, type Platform } from '@balcao/platform'
import { Answers, type Asked } from '@balcao/platform/http'
import { testApi, testPlatform, until } from '@balcao/testing'
import { Controller } from '@nestjs/common'
import type { FastifyReply } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'

const Order = z.object({ item: z.string().min(1), amount: z.number().int() })

const shopRoutes = {
  order: {
    method: 'POST',
    path: '/orders',
    summary: 'Order',
    auth: 'none',
    body: Order,
    answers: { 201: z.object({ ordered: z.string() }) },
  },
  mine: {
    method: 'GET',
    path: '/orders/{id}',
    summary: 'An order',
    auth: 'bearer',
    answers: { 200: z.object({ id: z.string(), owner: z.string(), price: Centavos }) },
  },
  leaky: {
    method: 'GET',
    path: '/leaky/{how}',
    summary: 'What leaks',
    auth: 'none',
    answers: { 200: z.object({ inner: z.object({ known: z.string() }) }) },
  },
  gone: { method: 'DELETE', path: '/orders/{id}', summary: 'Cancel', auth: 'bearer', answers: { 204: null } },
  menu: { method: 'GET', path: '/menu/{day}.m3u8', summary: 'Menu', auth: 'none', answers: { 200: 'text/plain' } },
  news: { method: 'GET', path: '/news', summary: 'News', auth: 'none', answers: { 200: 'text/event-stream' } },
} as const satisfies Record<string, Route>

const live: FastifyReply[] = []

@Controller()
class Shop {
  @Answers(shopRoutes.order)
  order({ body }: Asked<typeof shopRoutes.order>) {
    if (body.item === 'unicorn') throw new AppError('not_found', 'shop/no_such_item', 'Não temos isso no cardápio.')
    if (body.item === 'bomb') throw new Error('secret inner words')
    return { ordered: body.item }
  }

  @Answers(shopRoutes.mine)
  mine({ params, caller }: Asked<typeof shopRoutes.mine>) {
    return { id: params.id, owner: caller.userId, price: 9007199254740993n }
  }

  @Answers(shopRoutes.leaky)
  leaky({ params }: Asked<typeof shopRoutes.leaky>) {
    const inner = params.how === 'much' ? { known: 'a', secret: 'b' } : { known: 'a' }
    return { inner }
  }

  @Answers(shopRoutes.gone)
  gone() {}

  @Answers(shopRoutes.menu)
  menu({ params }: Asked<typeof shopRoutes.menu>) {
    return `menu of ${params.day}`
  }

  @Answers(shopRoutes.news)
  async news({ reply }: Asked<typeof shopRoutes.news>): Promise<void> {
    reply.hijack()
    reply.raw.writeHead(200, { 'content-type': 'text/event-stream' })
    reply.raw.write('\n')
    live.push(reply)
  }
}

/** What does not compile: the tests of the types. */
class Wrong {
  // @ts-expect-error: it promises the name of what was ordered
  @Answers(shopRoutes.order)
  another() {
    return { orders: 1 }
  }

  // @ts-expect-error: nobody is known to call
  @Answers(shopRoutes.order)
  nobody({ caller }: { caller: Identity }) {
    return { ordered: caller.userId }
  }

  // @ts-expect-error: the path has no such name
  @Answers(shopRoutes.mine)
  elsewhere({ params }: { params: { number: string } }) {
    return { id: params.number, owner: '', price: 1n }
  }
}

void Wrong

const shop = defineService({
  name: 'shop',
  parts: ['shop'],
  connections: 1,
  needs: ['sql'],
  migrations: async () => ({}),
  queues: {},
  routes: shopRoutes,
  open: async () => ({}),
  http: { shop: async () => [Shop] },
  work: {},
})

describe('the HTTP edge', () => {
  let platform: Platform
  let url: string
  let close: () => Promise<void>

  beforeAll(async () => {
    const tokens = {
      verify: async (text: string) => {
        if (text !== 'good')
          throw new AppError('unauthenticated', 'auth/invalid_token', 'Invalid authentication credentials')
        const at = new Date()
        return { userId: 'u1', username: 'ana', clientId: 'c', groups: [], authTime: at, expiresAt: at }
      },
    }
    platform = await testPlatform(shop, { tokens })
    ;({ url, close } = await testApi(shop, platform, {}))
  })
  afterAll(async () => {
    await close()
    await platform.close()
  })

  const order = (body: string, type = 'application/json') =>
    fetch(`${url}/orders`, { method: 'POST', body, headers: { 'content-type': type } })

  it('answers what the controller returns', async () => {
    const answer = await order('{"item":"x-burger","amount":2}')
    expect([answer.status, await answer.json()]).toEqual([201, { ordered: 'x-burger' }])
  })

  it.each([
    ['a field that is wrong is named', '{"item":"x-burger","amount":"two"}', 400, 'request/invalid', /^amount: /],
    [
      'a refusal keeps its code and its sentence',
      '{"item":"unicorn","amount":1}',
      404,
      'shop/no_such_item',
      /cardápio/,
    ],
    ['a failure shows nothing of its inside', '{"item":"bomb","amount":1}', 500, 'internal', /^(?!.*secret)/],
    ['a body that is not JSON is refused', '{"item":', 400, 'request/malformed', /./],
    [
      'a body above the limit is refused',
      JSON.stringify({ item: 'x'.repeat(70_000), amount: 1 }),
      413,
      'request/too_large',
      /./,
    ],
  ])('%s', async (_, body, status, code, detail) => {
    const answer = await order(body)
    expect(answer.headers.get('content-type')).toContain('application/problem+json')
    expect(await answer.json()).toMatchObject({ status, code, detail: expect.stringMatching(detail) })
    expect(answer.status).toBe(status)
  })

  it('names a route that does not exist as a problem too', async () => {
    const answer = await fetch(`${url}/nothing/here`)
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([404, 'request/no_such_route'])
  })

  it.each([{}, { authorization: 'Bearer bad' }, { authorization: 'good' }, { authorization: 'Basic good' }])(
    'refuses a caller without a valid bearer token: %j',
    async (headers) => {
      const answer = await fetch(`${url}/orders/1`, { headers: headers as Record<string, string> })
      expect(answer.status).toBe(401)
      expect(await answer.json()).toMatchObject({ detail: 'Invalid authentication credentials' })
    },
  )

  it('tells the controller who called', async () => {
    const answer = await fetch(`${url}/orders/7`, { headers: { authorization: 'Bearer good' } })
    expect(await answer.json()).toEqual({ id: '7', owner: 'u1', price: '9007199254740993' })
  })

  it('D2-28, D2-32, D2-33, D2-34: counts requests by the template of their route, never by their path', async () => {
    await fetch(`${url}/orders/a-very-personal-id`)
    const text = await platform.metrics.text()
    expect(text).toMatch(/http_requests_total\{method="GET",endpoint="\/orders\/:id"\} \d+/)
    expect(text).toMatch(/http_request_duration_seconds_count\{[^}]*status="401"[^}]*\}/)
    expect(text).not.toContain('personal')
  })

  it('tells every operation at /docs, without a script', async () => {
    const answer = await fetch(`${url}/docs`)
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
    const page = await answer.text()
    for (const { method, path } of Object.values(shopRoutes)) expect(page).toContain(`${method} ${path}`)
    expect(page).not.toContain('<script')
  })

  it('describes itself in OpenAPI 3.1', async () => {
    const document = (await (await fetch(`${url}/openapi.json`)).json()) as Record<string, unknown>
    expect(document).toMatchObject({ openapi: '3.1.0', paths: { '/orders': { post: { summary: 'Order' } } } })
  })

  it('tells who asks by their token, and money as text', async () => {
    const answer = await fetch(`${url}/orders/7`, { headers: { authorization: 'Bearer good' } })
    expect(await answer.json()).toEqual({ id: '7', owner: 'u1', price: '9007199254740993' })
    expect(answer.headers.get('cache-control')).toBe('no-store')
    const gone = await fetch(`${url}/orders/7`, { method: 'DELETE', headers: { authorization: 'Bearer good' } })
    expect([gone.status, await gone.text()]).toEqual([204, ''])
  })

  it('answers texts as they are, in their own type', async () => {
    const answer = await fetch(`${url}/menu/monday.m3u8`)
    expect([await answer.text(), answer.headers.get('content-type')]).toEqual([
      'menu of monday',
      'text/plain; charset=utf-8',
    ])
  })

  it('finds in tests whatever an answer holds beyond its contract, however deep', async () => {
    expect((await fetch(`${url}/leaky/not`)).status).toBe(200)
    expect((await fetch(`${url}/leaky/much`)).status).toBe(500)
  })

  it('is complete, or does not start', async () => {
    const half = { ...shop, routes: { ...shopRoutes, extra: { ...shopRoutes.menu, path: '/extra' } } }
    await expect(testApi(half, platform, {})).rejects.toThrow('The route "extra" of shop has 0 controllers, not one.')
  })

  it('forbids scripts that are not its own', async () => {
    const answer = await fetch(`${url}/openapi.json`)
    expect(answer.headers.get('content-security-policy')).toContain(`script-src 'self';`)
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
  })
})

it('a server that closes goes when its last answer has ended, however long connections may idle', async () => {
  const platform = await testPlatform(shop)
  const { url, close } = await testApi(shop, platform, {})
  const stream = await fetch(`${url}/news`)
  const closed = close()
  await until(() =>
    fetch(`${url}/openapi.json`).then(
      (answer) => answer.status === 503,
      () => true,
    ),
  )
  live[0]!.raw.end()
  await stream.text()
  await closed
  await platform.close()
})

it('a server that closes does not wait for a connection on which nothing was asked', async () => {
  const platform = await testPlatform(shop)
  const { close } = await testApi(shop, platform, {})
  const silent = connect(platform.config.ports.http, platform.config.host)
  await once(silent, 'connect')
  await close()
  await platform.close()
  silent.destroy()
})

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { noteRoots } from '@balcao/platform/fastify'
import fastify, { type FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { serveWeb } from '../src/web-files.ts'

const html = { accept: 'text/html,*/*' }

describe('the page', () => {
  let dir: string
  let server: FastifyInstance
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'balcao-page-'))
    await writeFile(join(dir, 'index.html'), '<title>Balcão</title>')
    server = fastify()
    noteRoots(server)
    server.get('/videos/:id', async () => 'a video')
    await mkdir(join(dir, 'assets'))
    await writeFile(join(dir, 'assets', 'page.js'), '')
    await serveWeb(server, dir, 'http://localhost')
  })
  afterAll(async () => {
    await server.close()
    await rm(dir, { recursive: true })
  })

  it.each([
    ['/', html],
    ['/assistir/1', html],
    ['/videos-de-ana', html],
    ['/', { accept: '*/*' }],
    ['/?from=mail', {}],
  ])('is at %s for who asks with %o', async (url, headers) => {
    const answer = await server.inject({ url, headers: { host: 'localhost', ...headers } })
    expect([answer.statusCode, answer.body]).toEqual([200, '<title>Balcão</title>'])
    const head = await server.inject({ method: 'HEAD', url, headers: { host: 'localhost', ...headers } })
    expect([head.statusCode, head.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8'])
  })

  it.each([
    ['GET', '/no/such/route', { accept: 'application/json' }],
    ['POST', '/', {}],
    ['GET', '/videos/1/nothing', html],
    ['GET', '/videos', html],
    ['GET', '/videos?x=/', html],
    ['GET', '/assets/gone.js', html],
  ] as const)('is no answer to %s %s with %o', async (method, url, headers) => {
    expect((await server.inject({ method, url, headers: { host: 'localhost', ...headers } })).statusCode).toBe(404)
  })
})

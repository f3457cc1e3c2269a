import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { until } from '@balcao/testing'
import { afterEach, describe, expect, it } from 'vitest'
import { inTurn } from './in-turn.ts'

const servers: { close(): void }[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

/** A server that keeps what it is asked, and a connection to it. */
async function opened() {
  const asked: { url: string; res: ServerResponse }[] = []
  const server = createServer(inTurn((req, res) => void asked.push({ url: req.url!, res })))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  servers.push(server)
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  const ask = (...paths: string[]) =>
    socket.write(paths.map((path) => `GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`).join(''))
  return { server, asked, socket, ask, urls: () => asked.map(({ url }) => url) }
}

describe('requests of one connection', () => {
  it('are taken one after the other, though they came at once', async () => {
    const { asked, socket, ask, urls } = await opened()
    const answer = text(socket)
    ask('/1', '/2', '/3')
    for (const path of ['/1', '/2', '/3']) {
      await until(async () => urls().includes(path))
      expect(urls().at(-1)).toBe(path)
      if (path === '/3') asked.at(-1)!.res.setHeader('connection', 'close')
      asked.at(-1)!.res.end(`answer to ${path}`)
    }
    expect((await answer).match(/answer to \/\d/g)).toEqual(['answer to /1', 'answer to /2', 'answer to /3'])
  })

  it('are not taken for somebody who went away', async () => {
    const { server, asked, socket, ask, urls } = await opened()
    ask(...Array.from({ length: 90 }, (_, i) => `/${i}`))
    await until(async () => asked.length > 0)
    const closed = new Promise((resolve) => asked[0]!.res.once('close', resolve))
    socket.destroy()
    await closed
    await new Promise((resolve) => server.close(resolve))
    expect(urls()).toEqual(['/0'])
  })

  it('are refused altogether where somebody sends ahead what nobody can answer', async () => {
    const { asked, socket, ask } = await opened()
    const ended = new Promise((resolve) => socket.once('close', resolve))
    socket.on('error', () => {}) // it was cut off
    ask(...Array.from({ length: 20_000 }, (_, i) => `/${i}`))
    await ended
    expect(asked.length).toBe(1)
  })

  it('behind an answer that ends the connection are not taken', async () => {
    const { asked, socket, ask, urls } = await opened()
    const answer = text(socket)
    ask('/1', '/2')
    await until(async () => asked.length > 0)
    asked[0]!.res.setHeader('connection', 'close').end('the last one')
    expect(await answer).toContain('the last one')
    expect(urls()).toEqual(['/1'])
  })

  it('of another connection do not wait for them', async () => {
    const { server, asked, socket, ask, urls } = await opened()
    ask('/1')
    await until(async () => urls().length === 1)
    const other = connect((server.address() as AddressInfo).port, '127.0.0.1')
    other.write('GET /other HTTP/1.1\r\nhost: x\r\n\r\n')
    await until(async () => urls().length === 2)
    for (const { res } of asked) res.end()
    other.destroy()
    socket.destroy()
  })
})

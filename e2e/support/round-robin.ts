import { createServer, request } from 'node:http'

/** A load balancer of the simplest kind: each request goes to the next backend that takes it, with its headers as they
 *  came (a signature covers the Host). */
export async function roundRobin(port: number, backends: readonly number[]): Promise<{ close(): Promise<void> }> {
  let turn = 0
  const server = createServer((incoming, outgoing) => {
    const forward = (tries: number) => {
      const backend = backends[turn++ % backends.length]!
      const passed = request(
        {
          ...{ host: '127.0.0.1', port: backend, agent: false },
          ...{ method: incoming.method, path: incoming.url, headers: incoming.headers },
        },
        (answer) => {
          outgoing.writeHead(answer.statusCode!, answer.rawHeaders)
          answer.pipe(outgoing)
        },
      )
      passed.on('error', (error: NodeJS.ErrnoException) => {
        if (error.code === 'ECONNREFUSED' && tries > 1) forward(tries - 1)
        else outgoing.destroy()
      })
      outgoing.on('close', () => passed.destroy())
      // The body can be sent once only: not before there is somebody to take it.
      passed.on('socket', (socket) => socket.once('connect', () => incoming.pipe(passed)))
    }
    forward(backends.length)
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return {
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

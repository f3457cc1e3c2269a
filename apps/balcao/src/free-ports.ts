import { createServer } from 'node:net'

/** Makes sure that nothing else listens on these ports. @throws the system's EADDRINUSE or EACCES for the first that is taken */
export async function assertFree(host: string, ports: readonly number[]): Promise<void> {
  for (const port of ports) {
    const server = createServer()
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve))
    await new Promise((resolve) => server.close(resolve))
  }
}

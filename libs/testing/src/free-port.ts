import { createServer } from 'node:net'

/** Below the ports that systems hand out by themselves to connections (Linux from 32,768, macOS from 49,152): one of
 *  those, found free, may be somebody's connection a moment later. */
const LOWEST = 11_000
const BEYOND = 32_000
/** Test processes that run side by side have neighbouring ids, and so ports apart from each other's. */
const EACH = 60
const first = LOWEST + (process.pid % ((BEYOND - LOWEST) / EACH)) * EACH
let given = Math.floor(Math.random() * EACH)

/** A port that nothing listens on, and that no test which runs at the moment was given. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < EACH; tries++) {
    const port = first + (given++ % EACH)
    if (await isFree(port)) return port
  }
  throw new Error(`Something listens on each port from ${first} to ${first + EACH - 1}.`)
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer()
  const listens = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true))
  })
  if (listens) await new Promise((resolve) => server.close(resolve))
  return listens
}

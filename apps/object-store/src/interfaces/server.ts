import { once } from 'node:events'
import { createServer } from 'node:http'
import type { Ground, Running } from '@balcao/platform'
import type { Store } from '../open.ts'
import { handler } from './handler.ts'
import { inTurn } from './in-turn.ts'

/** A socket on which nothing is sent or received for so long is closed. */
const IDLE_MS = 5 * 60 * 1000

/** Serves the store on its own port. Plain node:http: the signature must be looked at before "100 Continue" is said,
 *  and bodies are taken from the socket as they come. */
export async function serve(store: Store, ground: Ground): Promise<Running> {
  const { config } = ground
  const handle = inTurn(handler(ground, store))
  const server = createServer({
    // A part may take as long as its line is slow; only silence ends it.
    requestTimeout: 0,
    headersTimeout: 30_000,
    keepAliveTimeout: 65_000,
    noDelay: true,
    // Most requests have no body: theirs is a stream that has ended, with no event to wait for.
    optimizeEmptyRequests: true,
  })
  server.timeout = IDLE_MS
  server.on('request', handle)
  server.on('checkContinue', handle)
  server.listen(config.ports.objectStore, config.host)
  await once(server, 'listening')

  return {
    close: async () => {
      const closed = once(server, 'close')
      server.close()
      server.closeIdleConnections()
      // Uploads under way are resumed by their senders; nobody waits for the last of them.
      const patience = setTimeout(() => server.closeAllConnections(), 5000)
      await closed
      clearTimeout(patience)
    },
  }
}

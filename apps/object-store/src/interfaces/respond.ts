import type { IncomingMessage, ServerResponse } from 'node:http'
import { isWaiting } from './body.ts'
import type { Answer } from './call.ts'

/** Whoever asked does not wait for the answer any more. */
export class ClientGone extends Error {}

/** Sends an answer, or what of it has not been sent yet. @throws ClientGone, and Error for bytes that cannot be read */
export async function send(
  req: IncomingMessage,
  res: ServerResponse,
  { status, headers = {}, body }: Answer,
): Promise<void> {
  if (!res.headersSent) {
    res.statusCode = status
    for (const [name, value] of Object.entries(headers)) if (value !== undefined) res.setHeader(name, value)
    if (typeof body === 'string' && body !== '' && !res.hasHeader('content-type'))
      res.setHeader('content-type', 'application/xml')
    // Nobody knows whether a body will come that was not asked for.
    if (isWaiting(req, res)) res.setHeader('connection', 'close')
  }
  if (typeof body === 'function') await body((piece) => written(res, piece)).then(() => res.end())
  else if (req.method === 'HEAD' || body === undefined) res.end()
  else res.end(body)
}

/** Writes to a client; resolves when the system has taken it. @throws ClientGone */
function written(res: ServerResponse, piece: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    // Nobody tells of what waits in a response that is cut off.
    const gone = () => reject(new ClientGone())
    if (res.destroyed) return gone()
    res.once('close', gone)
    res.write(piece, (error) => {
      res.off('close', gone)
      if (error) gone()
      else resolve()
    })
  })
}

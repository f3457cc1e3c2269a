import type { IncomingMessage, ServerResponse } from 'node:http'
import { MiB } from '../domain/object.ts'
import { isWaiting } from './body.ts'

/** The largest part that our own page sends, and some. */
const READ_OUT = 32 * MiB
const READ_OUT_MS = 10_000

/** Reads what is left of a body that nobody wants, so that its sender sees the answer instead of a broken connection;
 *  where that is much, the connection ends with the answer. */
export async function readOut(req: IncomingMessage, res: ServerResponse): Promise<void> {
  if (req.complete || req.readableEnded || req.destroyed) return
  const size = Number(req.headers['content-length'] ?? 0)
  if (isWaiting(req, res)) return
  if (size > READ_OUT) {
    res.setHeader('connection', 'close')
    return
  }
  await new Promise<void>((resolve) => {
    let read = 0
    const timer = setTimeout(resolve, READ_OUT_MS)
    const done = () => {
      clearTimeout(timer)
      resolve()
    }
    req.on('data', (chunk: Buffer) => {
      read += chunk.length
      if (read > READ_OUT) done()
    })
    req.once('close', done).once('end', done).once('error', done)
    req.resume()
  })
  if (!req.complete && !res.headersSent) res.setHeader('connection', 'close')
}

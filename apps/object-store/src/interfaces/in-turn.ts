import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

type Handle = (req: IncomingMessage, res: ServerResponse) => void

/** Takes the requests of one connection one after the other. Their answers are sent like that anyway, so whoever sends a
 *  thousand without reading gets none made that has to wait; nor is more read from the connection meanwhile. */
export function inTurn(handle: Handle): Handle {
  const latest = new WeakMap<Socket, ServerResponse>()
  return (req, res) => {
    const { socket } = req
    const before = latest.get(socket)
    latest.set(socket, res)
    if (!before || before.closed) return handle(req, res)
    socket.pause()
    before.once('close', () => {
      // Nobody is there any more, neither for this one nor for those behind it.
      if (socket.destroyed) return
      if (latest.get(socket) === res) socket.resume()
      handle(req, res)
    })
  }
}

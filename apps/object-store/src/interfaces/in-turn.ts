import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

type Handle = (req: IncomingMessage, res: ServerResponse) => void

/** What one connection may have sent ahead. Node reads on whatever we do; no client of S3 sends more than one. */
const MOST_WAITING = 100

/** Takes the requests of one connection one after the other. Their answers are sent like that anyway, so whoever sends
 *  many without reading gets none made that has to wait; and is cut off where they are too many. */
export function inTurn(handle: Handle): Handle {
  const lines = new WeakMap<Socket, { latest: ServerResponse; waiting: number }>()
  return (req, res) => {
    const { socket } = req
    // Nobody is there any more, or was told that nothing more is taken (RFC 9112 §9.6).
    const isOver = () => socket.destroyed || socket.writableEnded
    if (isOver()) return
    const line = lines.get(socket)
    if (!line || line.latest.closed) {
      lines.set(socket, { latest: res, waiting: 0 })
      return handle(req, res)
    }
    if (++line.waiting > MOST_WAITING) return void socket.destroy()
    line.latest.once('close', () => {
      line.waiting--
      if (!isOver()) handle(req, res)
    })
    line.latest = res
  }
}

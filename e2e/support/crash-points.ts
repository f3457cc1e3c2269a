/* Loaded into a process before its own code (NODE_OPTIONS=--import), so that the product needs no words for tests.
   What a process does to the outside it does by writing to a socket. Each commit, each object put and each
   acknowledgement of a job is a crash point: before it is sent, and after it was answered. CRASH_ORDERS names a file:
   "before 3" is death before the third, "count" only counts them into a file beside it; without it nothing happens. */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { Socket } from 'node:net'

const orders = process.env.CRASH_ORDERS!
let seen = 0
let heard = ''

/** The database is behind a unix socket here, and told by Query and Parse messages; everything else speaks HTTP. */
function isCrashPoint(socket: Socket, bytes: string): boolean {
  if (socket.remoteAddress !== undefined) return /^(PUT|POST) /.test(bytes)
  return /^Q\0..commit/is.test(bytes) || (/^P\0/.test(bytes) && bytes.includes(`state = 'completed'`))
}

function die(): void {
  writeFileSync(orders, String(process.pid))
  renameSync(orders, `${orders}.done`)
  process.kill(process.pid, 'SIGKILL')
}

const write = Socket.prototype.write
Socket.prototype.write = function (this: Socket, ...args: Parameters<Socket['write']>) {
  const bytes = typeof args[0] === 'string' ? args[0] : Buffer.from(args[0]).toString('latin1')
  if (existsSync(orders) && isCrashPoint(this, bytes)) {
    const order = readFileSync(orders, 'utf8')
    if (order !== heard) seen = 0
    heard = order
    seen++
    const [side, number] = order.split(' ')
    if (side === 'count') {
      writeFileSync(`${orders}.count.new`, String(seen))
      renameSync(`${orders}.count.new`, `${orders}.count`)
    } else if (seen === Number(number)) {
      if (side === 'before') die()
      this.prependOnceListener('data', die)
    }
  }
  return write.apply(this, args)
} as Socket['write']

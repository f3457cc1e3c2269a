import { connect, type Socket } from 'node:net'

/** One connection that sends requests one after another and counts what comes back: so light that the server's work is
 *  what is measured. */
export class RawClient {
  readonly #socket: Socket
  #head = ''
  #left = -1
  #status = 0
  #settle: { resolve(answer: { status: number; etag: string }): void; reject(error: Error): void } | undefined

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.on('data', (chunk) => this.#take(chunk))
    socket.on('error', (error) => this.#settle?.reject(error))
    socket.on('close', () => this.#settle?.reject(new Error('The server closed the connection.')))
  }

  static async open(origin: string): Promise<RawClient> {
    const { hostname, port } = new URL(origin)
    const socket = connect({ host: hostname, port: Number(port), noDelay: true })
    await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject))
    return new RawClient(socket)
  }

  /** @param url signed  @throws Error for any status but 200 */
  async send(method: 'GET' | 'PUT', url: string, body?: Buffer): Promise<{ etag: string }> {
    const { host, pathname, search } = new URL(url)
    const length = body ? `content-length: ${body.length}\r\n` : ''
    const answer = new Promise<{ status: number; etag: string }>((resolve, reject) => {
      this.#settle = { resolve, reject }
    })
    this.#socket.cork()
    this.#socket.write(`${method} ${pathname}${search} HTTP/1.1\r\nhost: ${host}\r\n${length}\r\n`)
    if (body) this.#socket.write(body)
    this.#socket.uncork()
    const { status, etag } = await answer
    if (status !== 200) throw new Error(`${method} ${pathname}: ${status}`)
    return { etag }
  }

  close(): void {
    this.#settle = undefined
    this.#socket.destroy()
  }

  #take(chunk: Buffer): void {
    let body = chunk.length
    if (this.#left < 0) {
      this.#head += chunk.toString('latin1')
      const end = this.#head.indexOf('\r\n\r\n')
      if (end < 0) return
      body = this.#head.length - end - 4
      const head = this.#head.slice(0, end)
      this.#head = ''
      this.#status = Number(head.slice(9, 12))
      this.#left = Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0)
      this.#etag = /^etag: "?([^"\r]+)/im.exec(head)?.[1] ?? ''
    }
    this.#left -= body
    if (this.#left > 0) return
    this.#left = -1
    const settle = this.#settle
    this.#settle = undefined
    settle?.resolve({ status: this.#status, etag: this.#etag })
  }

  #etag = ''
}

/** Each client takes the next item when it is free. */
export async function share<T, R>(
  items: readonly T[],
  clients: readonly RawClient[],
  act: (item: T, client: RawClient) => Promise<R>,
): Promise<R[]> {
  const waiting = items.entries()
  const results: R[] = []
  const worker = async (client: RawClient) => {
    for (const [i, item] of waiting) results[i] = await act(item, client)
  }
  await Promise.all(clients.map(worker))
  return results
}

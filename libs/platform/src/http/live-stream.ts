import type { LiveEvents, LiveTopic } from '@balcao/contracts'
import type { FastifyReply } from 'fastify'
import type { z } from 'zod'

/** Milliseconds; proxies drop a connection that is silent for a minute. */
const HEARTBEAT = 15_000
/** Bytes a slow reader may leave behind before it is cut off and comes back. */
const BACKLOG = 1024 ** 2

type Events = { [Name in keyof typeof LiveEvents]: z.infer<(typeof LiveEvents)[Name]> }

/** One open stream of one browser. */
export class LiveStream {
  readonly ended: Promise<void>
  readonly #reply: FastifyReply
  readonly #changed = new Map<string, { topic: LiveTopic; id: string }>()
  #timers: NodeJS.Timeout[] = []
  #flushing = false

  constructor(reply: FastifyReply) {
    this.#reply = reply
    this.ended = new Promise((resolve) => reply.raw.once('close', resolve))
  }

  /** @param milliseconds after which it ends, with the token that opened it */
  begin(milliseconds: number): void {
    this.#reply.raw.writeHead(200, {
      ...(this.#reply.getHeaders() as Record<string, string>),
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      // The connection ends with the stream, or a server that stops would wait for it to fall idle.
      connection: 'close',
    })
    this.#timers = [
      setInterval(() => this.#write(': \n\n'), HEARTBEAT),
      setTimeout(() => this.end(), Math.min(Math.max(0, milliseconds), 2 ** 31 - 1)),
    ]
    this.#reply.raw.once('close', () => this.#timers.forEach(clearTimeout))
    this.ready()
  }

  /** Changes may have been missed: whoever reads begins again. */
  ready(): void {
    this.#changed.clear()
    this.#send('ready', {})
  }

  /** A thing changed. Several changes of one thing while the reader is behind are one. */
  changed(topic: LiveTopic, id: string): void {
    this.#changed.set(`${topic} ${id}`, { topic, id })
    if (!this.#flushing) this.#flush()
  }

  end(): void {
    this.#reply.raw.end()
  }

  #flush(): void {
    this.#flushing = false
    for (const [key, change] of this.#changed) {
      this.#changed.delete(key)
      if (!this.#send('changed', change)) {
        this.#flushing = true
        this.#reply.raw.once('drain', () => this.#flush())
        return
      }
    }
  }

  #send<Name extends keyof Events>(name: Name, data: Events[Name]): boolean {
    return this.#write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`)
  }

  /** @returns whether the reader keeps up */
  #write(text: string): boolean {
    const { raw } = this.#reply
    if (raw.writableEnded) return true
    const keepsUp = raw.write(text)
    if (raw.writableLength > BACKLOG) raw.destroy()
    return keepsUp
  }
}

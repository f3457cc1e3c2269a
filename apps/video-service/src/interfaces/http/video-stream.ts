import type { VideoEvents } from '@balcao/contracts'
import { AppError } from '@balcao/kernel'
import type { FastifyReply } from 'fastify'
import type { z } from 'zod'
import type { Videos } from '../../application/videos.ts'
import type { VideoView } from './video-view.ts'

/** Milliseconds; proxies drop a connection that is silent for a minute. */
const HEARTBEAT = 15_000
/** Bytes a slow reader may leave behind before it is told to come back for a new snapshot. */
const BACKLOG = 1024 ** 2
const SNAPSHOT_SIZE = 100

type Events = { [name in keyof typeof VideoEvents]: z.infer<(typeof VideoEvents)[name]> }

/** One open view: a snapshot, then what changes. A change names an id only; what is sent is read when it is sent, so
 *  ten changes while one is being read are one event, and no event is older than the one before. */
export class VideoStream {
  readonly ended: Promise<void>
  readonly #changed = new Set<string>()
  #fresh = true
  #pumping = false
  #timers: NodeJS.Timeout[] = []

  constructor(
    private readonly videos: Videos,
    private readonly view: VideoView,
    private readonly owner: string,
    private readonly reply: FastifyReply,
  ) {
    this.ended = new Promise((resolve) => reply.raw.once('close', resolve))
  }

  /** @param milliseconds after which it ends, with the token that opened it */
  begin(milliseconds: number): void {
    this.reply.raw.writeHead(200, {
      ...(this.reply.getHeaders() as Record<string, string>),
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      // The connection ends with the stream, or a server that stops would wait for it to fall idle.
      connection: 'close',
    })
    this.#timers = [
      setInterval(() => this.write(': \n\n'), HEARTBEAT),
      setTimeout(() => this.end(), Math.min(Math.max(0, milliseconds), 2 ** 31 - 1)),
    ]
    this.reply.raw.once('close', () => this.#timers.forEach(clearTimeout))
    this.pump()
  }

  changed(id: string): void {
    this.#changed.add(id)
    this.pump()
  }

  /** Sends a snapshot again. */
  restart(): void {
    this.#fresh = true
    this.pump()
  }

  end(): void {
    this.reply.raw.end()
  }

  private pump(): void {
    if (this.#pumping) return
    this.#pumping = true
    this.sendAll().catch(() => this.end())
  }

  private async sendAll(): Promise<void> {
    for (;;) {
      if (this.#fresh) {
        this.#fresh = false
        this.#changed.clear()
        this.send('snapshot', await this.snapshot())
      }
      const [id] = this.#changed
      if (id === undefined) {
        this.#pumping = false
        return
      }
      this.#changed.delete(id)
      await this.sendOne(id)
    }
  }

  private async snapshot(): Promise<Events['snapshot']> {
    const page = await this.videos.list(this.owner, { limit: SNAPSHOT_SIZE, sort: 'newest', trash: false })
    return { items: page.items.map((video) => this.view.video(video)), nextCursor: page.nextCursor ?? null }
  }

  private async sendOne(id: string): Promise<void> {
    try {
      const video = await this.videos.get(this.owner, id)
      if (video.deletedAt) this.send('gone', { id })
      else this.send('video', this.view.video(video))
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'video/not_found') throw error
      this.send('gone', { id })
    }
  }

  private send<Name extends keyof Events>(name: Name, data: Events[Name]): void {
    this.write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`)
  }

  private write(text: string): void {
    if (this.reply.raw.writableEnded) return
    this.reply.raw.write(text)
    if (this.reply.raw.writableLength > BACKLOG) this.reply.raw.destroy()
  }
}

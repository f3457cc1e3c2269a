import { AppError, type Clock } from '@balcao/kernel'
import type { Identity, Sql } from '@balcao/platform'
import type { OnModuleDestroy, OnModuleInit } from '@nestjs/common'
import type { FastifyReply } from 'fastify'
import type { Videos } from '../../application/videos.ts'
import { VideoStream } from './video-stream.ts'
import type { VideoView } from './video-view.ts'

/** Streams one person may have at one process: a browser needs one for all its tabs. */
const STREAMS_PER_PERSON = 8

/** Live views of people's videos, fed by NOTIFY `video_changed` (`owner id`). */
export class VideoStreams implements OnModuleInit, OnModuleDestroy {
  readonly #streams = new Map<string, Set<VideoStream>>()
  #listening: { close(): Promise<void> } | undefined
  #closed = false

  constructor(
    private readonly videos: Videos,
    private readonly sql: Pick<Sql, 'listen'>,
    private readonly clock: Clock,
    private readonly view: VideoView,
  ) {}

  async onModuleInit(): Promise<void> {
    this.#listening = await this.sql.listen(
      'video_changed',
      (payload) => {
        const [owner = '', id = ''] = payload.split(' ')
        for (const stream of this.#streams.get(owner) ?? []) stream.changed(id)
      },
      // What changed while nobody listened is not known: everyone begins again.
      () => this.all((stream) => stream.restart()),
    )
  }

  async onModuleDestroy(): Promise<void> {
    this.#closed = true
    await this.#listening?.close()
    this.all((stream) => stream.end())
  }

  /** Answers with server-sent events until the token expires, the browser leaves or the process stops.
   *  @throws AppError `events/too_many_streams`, `events/stopping` */
  async open(caller: Identity, reply: FastifyReply): Promise<void> {
    if (this.#closed) throw new AppError('unavailable', 'events/stopping', 'O servidor está reiniciando: tente já.')
    const own = this.#streams.get(caller.userId) ?? new Set()
    if (own.size >= STREAMS_PER_PERSON) {
      throw new AppError('rate_limited', 'events/too_many_streams', 'Há janelas demais abertas: feche uma.')
    }
    reply.hijack()
    // Whoever left while the token was read says so no second time: a stream for them would never end.
    if (reply.raw.closed) return
    this.#streams.set(caller.userId, own)
    const stream = new VideoStream(this.videos, this.view, caller.userId, reply)
    own.add(stream)
    stream.begin(caller.expiresAt.getTime() - this.clock.now().getTime())
    await stream.ended
    own.delete(stream)
    if (own.size === 0) this.#streams.delete(caller.userId)
  }

  private all(act: (stream: VideoStream) => void): void {
    for (const own of this.#streams.values()) for (const stream of own) act(stream)
  }
}

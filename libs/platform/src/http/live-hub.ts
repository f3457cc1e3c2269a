import { LIVE_TOPICS, type LiveTopic } from '@balcao/contracts'
import { AppError, type Clock } from '@balcao/kernel'
import type { OnModuleDestroy, OnModuleInit } from '@nestjs/common'
import type { FastifyReply } from 'fastify'
import type { Sql } from '../sql/sql.ts'
import type { Identity } from '../tokens/token-verifier.ts'
import { LiveStream } from './live-stream.ts'

/** Streams one person may have at one process: a browser needs one for all its tabs. */
const STREAMS_PER_PERSON = 8
/** Where every service says what changed, wherever it runs: `owner topic id`. */
const CHANNEL = 'live'

/** Live views of everything: the one stream of a browser. It carries names of things, so that a process which does not
 *  run their service can serve it; what they have become is read from their own API. */
export class LiveHub implements OnModuleInit, OnModuleDestroy {
  readonly #streams = new Map<string, Set<LiveStream>>()
  readonly #sql: Pick<Sql, 'listen'>
  readonly #clock: Clock
  #listening: { close(): Promise<void> } | undefined
  #closed = false

  constructor(sql: Pick<Sql, 'listen'>, clock: Clock) {
    this.#sql = sql
    this.#clock = clock
  }

  async onModuleInit(): Promise<void> {
    this.#listening = await this.#sql.listen(
      CHANNEL,
      (payload) => {
        const [owner = '', topic, id] = payload.split(' ')
        if (!isTopic(topic) || !id) return
        for (const stream of this.#streams.get(owner) ?? []) stream.changed(topic, id)
      },
      () => this.#all((stream) => stream.ready()),
    )
  }

  async onModuleDestroy(): Promise<void> {
    this.#closed = true
    await this.#listening?.close()
    this.#all((stream) => stream.end())
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
    const stream = new LiveStream(reply)
    own.add(stream)
    stream.begin(caller.expiresAt.getTime() - this.#clock.now().getTime())
    await stream.ended
    own.delete(stream)
    if (own.size === 0) this.#streams.delete(caller.userId)
  }

  #all(act: (stream: LiveStream) => void): void {
    for (const own of this.#streams.values()) for (const stream of own) act(stream)
  }
}

const isTopic = (text: string | undefined): text is LiveTopic => (LIVE_TOPICS as readonly unknown[]).includes(text)

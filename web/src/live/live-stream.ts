import { LiveEvents, type LiveTopic, liveRoutes } from '@balcao/contracts'
import { backOff } from '../api/back-off.ts'
import type { Session } from '../session/session.ts'
import { type SseMessage, SseParser } from './sse-parser.ts'

export type LiveStatus = 'connecting' | 'live' | 'lost'
type Shared = { kind: 'message'; message: SseMessage } | { kind: 'status'; status: LiveStatus } | { kind: 'hello' }

/** The server says something at least this often (a comment, if nothing else); silence means a dead connection. */
const SILENCE_MS = 60_000

/** What an area does with what it hears of its topic. */
export interface Follower {
  /** Changes may have been missed: what is shown is read again. */
  ready(): void
  changed(id: string): void
}

/**
 * The person's live changes: one stream per browser, for all areas. The tab that holds the Web Lock reads it and passes
 * every message on; when that tab closes, the lock moves and the next tab connects. The stream names things; what they
 * have become is read by whoever shows them.
 */
export class LiveStream {
  #status: LiveStatus = 'connecting'
  #leads = false
  #run: AbortController | undefined
  readonly #channel = new BroadcastChannel('balcao-live')
  readonly #listeners = new Set<() => void>()
  readonly #session: Session
  readonly #followers: Readonly<Record<LiveTopic, Follower>>

  constructor(session: Session, followers: Readonly<Record<LiveTopic, Follower>>) {
    this.#session = session
    this.#followers = followers
    this.#channel.onmessage = ({ data }: MessageEvent<Shared>) => {
      if (!this.#run) return
      if (data.kind === 'hello' && this.#leads) this.#share({ kind: 'status', status: this.#status })
      if (data.kind === 'status') this.#move(data.status)
      if (data.kind === 'message') this.#heard(data.message)
    }
  }

  get status(): LiveStatus {
    return this.#status
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  start(): void {
    if (this.#run) return
    const run = new AbortController()
    this.#run = run
    this.#share({ kind: 'hello' })
    navigator.locks
      .request('balcao-live', { signal: run.signal }, () => this.#lead(run.signal))
      .catch((error) => {
        if (!run.signal.aborted) throw error
      })
  }

  stop(): void {
    this.#run?.abort()
    this.#run = undefined
    this.#leads = false
    this.#move('connecting')
  }

  async #lead(signal: AbortSignal): Promise<void> {
    this.#leads = true
    for (let failures = 0; !signal.aborted; failures++) {
      try {
        const response = await this.#session.open(liveRoutes.events, { signal })
        failures = 0
        this.#tell('live')
        await this.#read(response.body!, signal)
      } catch {
        // Whatever it was, the answer is the same: say so, wait, connect again.
      }
      if (signal.aborted) return
      this.#tell('lost')
      await pause(backOff(failures + 1), signal)
    }
  }

  async #read(body: ReadableStream<Uint8Array<ArrayBuffer>>, signal: AbortSignal): Promise<void> {
    const parser = new SseParser()
    const reader = body.pipeThrough(new TextDecoderStream()).getReader()
    const stop = () => void reader.cancel()
    signal.addEventListener('abort', stop, { once: true })
    let silence = setTimeout(stop, SILENCE_MS)
    try {
      for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
        clearTimeout(silence)
        silence = setTimeout(stop, SILENCE_MS)
        for (const message of parser.push(piece.value)) {
          this.#heard(message)
          this.#share({ kind: 'message', message })
        }
      }
    } finally {
      clearTimeout(silence)
      signal.removeEventListener('abort', stop)
    }
  }

  /** A message that means nothing to this page (of a newer server) is passed over. */
  #heard({ event, data }: SseMessage): void {
    if (event === 'ready') for (const follower of Object.values(this.#followers)) follower.ready()
    if (event !== 'changed') return
    const change = LiveEvents.changed.safeParse(JSON.parse(data))
    if (change.success) this.#followers[change.data.topic].changed(change.data.id)
  }

  #tell(status: LiveStatus): void {
    this.#move(status)
    this.#share({ kind: 'status', status })
  }

  #share(message: Shared): void {
    this.#channel.postMessage(message)
  }

  #move(status: LiveStatus): void {
    if (status === this.#status) return
    this.#status = status
    for (const listener of this.#listeners) listener()
  }
}

/** Waits so many milliseconds, or until it is stopped: the lock is let go at once then. */
function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, milliseconds)
    signal.addEventListener('abort', done)
  })
}

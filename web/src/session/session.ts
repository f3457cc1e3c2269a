import { authRoutes, type Route, type Tokens } from '@balcao/contracts'
import { type AnswerOf, type Input, ProblemError, type RawInput, read, send } from '../api/call.ts'
import { storage } from '../storage.ts'

export type SessionState = 'unknown' | 'in' | 'out'

/** Seconds before the access token ends at which a new one is fetched. */
const EARLY_SECONDS = 30
const LOCK = 'balcao-refresh'
const CHANNEL = 'balcao-session'
/** Says only that somebody came in on this browser and did not leave: without it there is no cookie worth asking about. */
const CAME_IN = 'balcao.entrou'

/**
 * Who is signed in, in this tab. The access token lives in memory only; the refresh token is an httpOnly cookie that
 * no script sees. Tabs take turns at refreshing (Web Lock) and leave together (BroadcastChannel).
 */
export class Session {
  /** The person left by themselves, here or in another tab: the next one is not led to their page. */
  leftOnPurpose = false
  #state: SessionState = 'unknown'
  #token = ''
  #endsAt = 0
  #refreshing: Promise<boolean> | undefined
  readonly #listeners = new Set<() => void>()
  readonly #channel = new BroadcastChannel(CHANNEL)

  constructor() {
    this.#channel.onmessage = (event: MessageEvent<string>) => {
      if (event.data === 'out') this.#leave(true)
      if (event.data === 'in' && this.#state === 'out') void this.#refresh().catch(() => undefined)
    }
  }

  get state(): SessionState {
    return this.#state
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Whether somebody is signed in; asks the server when this tab does not know yet. @throws ProblemError offline */
  async known(): Promise<boolean> {
    if (this.#state === 'unknown') {
      if (storage.getItem(CAME_IN)) await this.#refresh()
      else this.#leave(false)
    }
    return this.#state === 'in'
  }

  enter(tokens: Tokens): void {
    this.#accept(tokens)
    this.#channel.postMessage('in')
  }

  /** Signs out here, in the other tabs, and at the server. */
  async leave(): Promise<void> {
    this.#channel.postMessage('out')
    this.#leave(true)
    await send(authRoutes.logout, { body: {} })
  }

  /** Calls a route; a bearer route gets the token, and one fresh token when the first was refused. */
  async call<R extends Route>(route: R, input: Input<R> = {}): Promise<AnswerOf<R>> {
    return read<R>(await this.open(route, input))
  }

  /** As `call`, for an answer that is read as it comes. */
  async open(route: Route, input: RawInput = {}): Promise<Response> {
    if (route.auth === 'none') return send(route, input)
    if (this.#state !== 'out' && Date.now() > this.#endsAt - EARLY_SECONDS * 1000) await this.#refresh()
    try {
      return await send(route, input, this.#token)
    } catch (error) {
      if (!(error instanceof ProblemError) || error.status !== 401 || !(await this.#refresh())) throw error
      return send(route, input, this.#token)
    }
  }

  #refresh(): Promise<boolean> {
    this.#refreshing ??= navigator.locks
      .request(LOCK, async () => {
        try {
          const { tokens } = await read<typeof authRoutes.refresh>(await send(authRoutes.refresh, { body: {} }))
          this.#accept(tokens)
          return true
        } catch (error) {
          if (error instanceof ProblemError && error.status >= 400 && error.status < 500 && error.status !== 429) {
            this.#leave(false)
            return false
          }
          throw error
        }
      })
      .finally(() => {
        this.#refreshing = undefined
      })
    return this.#refreshing
  }

  #accept(tokens: Tokens): void {
    this.#token = tokens.accessToken
    this.#endsAt = Date.now() + tokens.expiresIn * 1000
    storage.setItem(CAME_IN, '1')
    this.#move('in')
  }

  #leave(onPurpose: boolean): void {
    this.leftOnPurpose = onPurpose
    this.#token = ''
    this.#endsAt = 0
    storage.removeItem(CAME_IN)
    this.#move('out')
  }

  #move(state: SessionState): void {
    if (state === this.#state) return
    this.#state = state
    for (const listener of this.#listeners) listener()
  }
}

export const session = new Session()

import { type ChildProcess, fork } from 'node:child_process'
import { setTimeout as delay } from 'node:timers/promises'
import { stepBack } from '@balcao/platform'

export interface ChildOptions {
  readonly name: string
  readonly main: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** File descriptor that takes its log. */
  readonly log: number | 'inherit'
  /** Whether others have the processor first. */
  readonly stepsBack: boolean
  readonly say: (sentence: string) => void
}

/** Milliseconds between two starts of what cannot start. */
export const LONGEST_WAIT = 10_000
/** Milliseconds that a child may take to hand back its work before it is killed. */
const PATIENCE = 20_000
/** A tenth of the processor that others get who want it, and all of what they leave. */
const STEP = 10

/** One process of ours: started again with back-off whenever it dies, until it is told to stop. */
export class Child {
  readonly #options: ChildOptions
  #process: ChildProcess | undefined
  #stopping = false

  constructor(options: ChildOptions) {
    this.#options = options
  }

  /** Resolves when the child answers. @throws Error when it ends before it ever did */
  async start(): Promise<void> {
    await this.#launch()
    void this.#watch()
  }

  /** Asks the child to finish and waits until it has; kills it when it does not. */
  async stop(): Promise<void> {
    this.#stopping = true
    const child = this.#process
    if (!child || hasEnded(child)) return
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
    child.kill('SIGTERM')
    const impatient = setTimeout(() => child.kill('SIGKILL'), PATIENCE)
    await ended
    clearTimeout(impatient)
  }

  kill(): void {
    this.#stopping = true
    this.#process?.kill('SIGKILL')
  }

  async #launch(): Promise<void> {
    // A process group of its own: Ctrl-C must reach the launcher only, which stops its children in order.
    const child = fork(this.#options.main, {
      env: { ...this.#options.env },
      detached: true,
      stdio: ['ignore', this.#options.log, 'inherit', 'ipc'],
    })
    this.#process = child
    if (this.#options.stepsBack && child.pid) void stepBack(child.pid, STEP)
    await new Promise<void>((resolve, reject) => {
      child.once('message', () => resolve())
      child.once('error', reject)
      child.once('exit', (code, signal) =>
        reject(new Error(`${this.#options.name} ended (${signal ?? `exit ${code}`}) before it was ready.`)),
      )
    })
  }

  async #watch(): Promise<void> {
    for (let wait = 100; !this.#stopping; ) {
      const child = this.#process!
      const since = Date.now()
      if (!hasEnded(child)) await new Promise((resolve) => child.once('exit', resolve))
      if (this.#stopping) return
      // A child that ran for a while and died starts at once; one that cannot start waits longer each time.
      wait = Date.now() - since > LONGEST_WAIT ? 100 : Math.min(wait * 2, LONGEST_WAIT)
      this.#options.say(
        `${this.#options.name} stopped unexpectedly (${child.signalCode ?? `exit ${child.exitCode}`}); starting it again.`,
      )
      await delay(wait)
      if (!this.#stopping) await this.#launch().catch(() => undefined)
    }
  }
}

const hasEnded = (child: ChildProcess) => child.exitCode !== null || child.signalCode !== null

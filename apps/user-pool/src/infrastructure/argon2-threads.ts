import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { Passwords } from '../application/passwords.ts'
import { tooManyRequests } from '../domain/refusal.ts'

// The asynchronous API of @node-rs/argon2 runs on libuv's four threads, which files and DNS need too; so the
// synchronous one runs in threads of our own. Their source is text, so that one bundle can start them; the
// package itself is found from where this module (or the bundle) lies.
const THREAD = `
const { parentPort, workerData } = require('node:worker_threads')
const { hashSync, verifySync } = require('node:module').createRequire(workerData.from)('@node-rs/argon2')
parentPort.on('message', ({ hash, password }) => {
  try {
    parentPort.postMessage({ value: hash === undefined ? hashSync(password, workerData.cost) : verifySync(hash, password) })
  } catch (error) {
    parentPort.postMessage({ error: String(error) })
  }
})`

/** Argon2id with 19 MiB, two passes, one lane (OWASP Password Storage). */
const COST = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/** The hash of no password, for names without an account: checking it costs the same. */
const DECOY = `$argon2id$v=19$m=${COST.memoryCost},t=${COST.timeCost},p=${COST.parallelism}$${'A'.repeat(22)}$${'A'.repeat(43)}`

/** Hashes that may wait, about three seconds of work on two threads. */
const LONGEST_QUEUE = 512

interface Task {
  readonly hash: string | undefined
  readonly password: string
  resolve(value: never): void
  reject(error: Error): void
}

/** Argon2id in threads of its own, behind a bounded queue. */
export class Argon2Threads implements Passwords {
  readonly #waiting: Task[] = []
  readonly #idle: Worker[] = []
  readonly #running = new Map<Worker, Task>()
  #closed = false

  constructor(
    private readonly threads = Math.min(availableParallelism(), 4),
    private readonly longestQueue = LONGEST_QUEUE,
  ) {}

  hash(password: string): Promise<string> {
    return this.#run<string>(undefined, password)
  }

  async verify(hash: string | undefined, password: string): Promise<boolean> {
    const right = await this.#run<boolean>(hash ?? DECOY, password)
    return right && hash !== undefined
  }

  #run<T>(hash: string | undefined, password: string): Promise<T> {
    if (this.#waiting.length >= this.longestQueue) return Promise.reject(tooManyRequests())
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({ hash, password, resolve, reject })
      this.#next()
    })
  }

  #next(): void {
    if (this.#waiting.length === 0 || this.#closed) return
    const thread = this.#idle.pop() ?? (this.#running.size < this.threads ? this.#start() : undefined)
    if (!thread) return
    const task = this.#waiting.shift()!
    this.#running.set(thread, task)
    thread.postMessage({ hash: task.hash, password: task.password })
  }

  #start(): Worker {
    const thread = new Worker(THREAD, {
      eval: true,
      name: 'argon2id', // as the system shows it
      workerData: { from: import.meta.url, cost: COST },
    })
    thread.unref()
    thread.on('message', ({ value, error }: { value: never; error?: string }) => {
      const task = this.#running.get(thread)
      this.#running.delete(thread)
      this.#idle.push(thread)
      if (error === undefined) task?.resolve(value)
      else task?.reject(new Error(`Argon2: ${error}`))
      this.#next()
    })
    thread.on('error', (error: Error) => {
      this.#running.get(thread)?.reject(error)
      this.#running.delete(thread)
      this.#next()
    })
    return thread
  }

  async close(): Promise<void> {
    this.#closed = true
    const gone = new Error('The user pool is closing.')
    for (const task of [...this.#waiting.splice(0), ...this.#running.values()]) task.reject(gone)
    await Promise.all([...this.#idle, ...this.#running.keys()].map((thread) => thread.terminate()))
  }
}

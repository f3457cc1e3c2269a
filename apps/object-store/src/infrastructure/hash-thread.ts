import { Worker } from 'node:worker_threads'
import type { Follower, HashName } from '../application/ports/follower.ts'
import { LAYOUT, md5Module } from './md5-wasm.ts'

// Text, so that one bundle can start it. It reads what the writers left in the page cache into the lanes of MD5, and
// waits until it has work for all lanes, a file has ended or BACKLOG bytes wait: four at once cost less than two alone.
const THREAD = `
const { createHash } = require('node:crypto')
const { readSync } = require('node:fs')
const { parentPort, workerData: { layout, module } } = require('node:worker_threads')
const BACKLOG = 4 * 1024 * 1024
const { memory, one, four } = new WebAssembly.Instance(module).exports
const lanes = Buffer.from(memory.buffer, layout.data)
const state = new Uint32Array(memory.buffer, layout.state, 16)
const files = new Map()
let scheduled = false

function read(file, lane, size) {
  const bytes = lanes.subarray(lane * layout.lane, lane * layout.lane + size)
  for (let done = 0; done < size; ) {
    const count = readSync(file.fd, bytes, done, size - done, file.at + done)
    if (count === 0) throw new Error('A file is shorter than what was written to it.')
    done += count
  }
}

function take(file, lane, size) {
  const bytes = lanes.subarray(lane * layout.lane, lane * layout.lane + size)
  for (const { hash } of file.hashes) hash.update(bytes)
  file.at += size
}

const enter = (file, lane) => file.md5.forEach((word, k) => (state[4 * k + lane] = word))
const leave = (file, lane) => file.md5.forEach((_, k) => (file.md5[k] = state[4 * k + lane]))
const left = (file) => file.until - file.at
const filled = (file) => left(file) >= layout.lane

function answer(file, result) {
  files.delete(file.id)
  parentPort.postMessage({ id: file.id, ...result })
}

function attempt(file, work) {
  try {
    work()
    return true
  } catch (error) {
    answer(file, { error: String(error) })
    return false
  }
}

// One body alone is faster in OpenSSL than in a lane. Neither can go on with what the other has begun, so this is
// decided once, when there is work to do.
function beginAlone(file) {
  file.alone = true
  file.hashes.push({ name: 'MD5', hash: createHash('md5') })
}

// What is left, a one, zeros, and the length in bits (RFC 1321 section 3.1).
function finishLane(file, rest) {
  const padded = 64 * Math.ceil((rest + 9) / 64)
  lanes.fill(0, rest, padded)
  lanes[rest] = 0x80
  lanes.writeBigUInt64LE(BigInt(file.at - file.from) * 8n, padded - 8)
  enter(file, 0)
  one(padded / 64)
  leave(file, 0)
  return Buffer.from(file.md5.buffer).toString('base64')
}

function finish(file) {
  if (!file.md5 && !file.alone) beginAlone(file)
  const rest = left(file)
  read(file, 0, rest)
  take(file, 0, rest)
  const found = file.alone ? {} : { MD5: finishLane(file, rest) }
  for (const { name, hash } of file.hashes) found[name] = hash.digest('base64')
  answer(file, { found })
}

function round() {
  scheduled = false
  for (const file of files.values()) if (file.ended && !filled(file)) attempt(file, () => finish(file))
  for (const file of files.values()) {
    if (!file.alone || !filled(file) || !attempt(file, () => read(file, 0, layout.lane))) continue
    take(file, 0, layout.lane)
    schedule()
  }
  const urgency = (file) => (file.ended ? Infinity : left(file))
  const waiting = [...files.values()].filter((file) => !file.alone && filled(file)).sort((a, b) => urgency(b) - urgency(a)).slice(0, layout.lanes)
  if (waiting.length === 0 || (waiting.length < layout.lanes && urgency(waiting[0]) < BACKLOG)) return
  schedule()
  if (files.size === 1 && !waiting[0].md5) return beginAlone(waiting[0])
  for (const file of waiting) file.md5 ??= Uint32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476)
  const there = waiting.filter((file, lane) => attempt(file, () => read(file, lane, layout.lane)))
  // The lanes of the others are read again: this happens when a disk breaks.
  if (there.length < waiting.length) return
  there.forEach(enter)
  const hash = there.length === 1 ? one : four
  hash(layout.lane / 64)
  there.forEach((file, lane) => {
    leave(file, lane)
    take(file, lane, layout.lane)
  })
}

function schedule() {
  if (!scheduled) setImmediate(round)
  scheduled = true
}

parentPort.on('message', ({ id, start, until, end, drop }) => {
  if (start) {
    const hashes = start.names.map((name) => ({ name, hash: createHash(name) }))
    files.set(id, { id, fd: start.fd, from: start.at, at: start.at, until: start.at, ended: false, hashes })
  }
  const file = files.get(id)
  if (drop) return file && answer(file, {})
  if (!file) return
  if (until !== undefined) file.until = until
  if (end) file.ended = true
  schedule()
})`

interface Answer {
  readonly found?: Readonly<Record<string, string>>
  readonly error?: string
}

/** Hashes in a thread of its own, so that receiving, hashing and writing use more than one core. The thread starts
 *  with the first file. */
export class HashThread {
  readonly #waiting = new Map<number, (answer: Answer) => void>()
  #thread: Worker | undefined
  #last = 0

  /** @param position of the first byte  @param names with `MD5` among them */
  follow(fd: number, position: number, names: readonly HashName[]): Follower {
    this.#thread ??= this.#start()
    const thread = this.#thread
    const id = ++this.#last
    let answered = false
    const answer = new Promise<Answer>((resolve) => this.#waiting.set(id, resolve)).then((value) => {
      answered = true
      return value
    })
    thread.postMessage({ id, start: { fd, at: position, names: names.filter((name) => name !== 'MD5') } })
    return {
      written: (until) => thread.postMessage({ id, until }),
      end: async () => {
        thread.postMessage({ id, end: true })
        const { found, error } = await answer
        if (!found) throw new Error(error ?? 'The hashes of a file were given up.')
        return found
      },
      leave: async () => {
        if (answered) return
        thread.postMessage({ id, drop: true })
        await answer
      },
    }
  }

  async close(): Promise<void> {
    await this.#thread?.terminate()
  }

  #start(): Worker {
    const thread = new Worker(THREAD, { eval: true, workerData: { layout: LAYOUT, module: md5Module() } })
    thread.unref()
    let reason = 'The thread of hashes has ended.'
    thread.on('message', ({ id, ...answer }: Answer & { id: number }) => {
      this.#waiting.get(id)?.(answer)
      this.#waiting.delete(id)
    })
    thread.on('error', (error: Error) => (reason = `The thread of hashes has ended: ${error.message}`))
    thread.on('exit', () => {
      this.#thread = undefined
      for (const answer of this.#waiting.values()) answer({ error: reason })
      this.#waiting.clear()
    })
    return thread
  }
}

import type { Upload } from '@balcao/contracts'

interface Flight {
  /** Bytes that have left. */
  loaded: number
  readonly stop: AbortController
}

/** The parts of one file: which are to do, on their way and stored. */
export class PartPlan {
  readonly #size: number
  #partSize = 0
  #partCount = 0
  /** Numbers still to send, the next one first. */
  #todo: number[] = []
  #storedBytes = 0
  readonly #inFlight = new Map<number, Flight>()

  /** @param size bytes of the file */
  constructor(size: number) {
    this.#size = size
  }

  /** Takes the server's word for what is there: everything else is to do, a part of the wrong size too. */
  begin(upload: Upload, stored: readonly { partNumber: number; size: number }[]): void {
    this.#partSize = upload.partSize
    this.#partCount = upload.partCount
    const whole = new Set(
      stored.filter(({ partNumber, size }) => size === this.#sizeOf(partNumber)).map(({ partNumber }) => partNumber),
    )
    this.#todo = Array.from({ length: upload.partCount }, (_, i) => i + 1).filter((part) => !whole.has(part))
    this.#storedBytes = [...whole].reduce((sum, part) => sum + this.#sizeOf(part), 0)
  }

  /** Bytes that are stored or have left. */
  get sent(): number {
    let sent = this.#storedBytes
    for (const { loaded } of this.#inFlight.values()) sent += loaded
    return Math.min(sent, this.#size)
  }

  get inFlight(): number {
    return this.#inFlight.size
  }

  get hasMore(): boolean {
    return this.#todo.length > 0
  }

  /** Nothing is to do and nothing on its way. */
  get isComplete(): boolean {
    return this.#todo.length === 0 && this.#inFlight.size === 0
  }

  /** Numbers that need an address now or soon. */
  get ahead(): number[] {
    return [...this.#inFlight.keys(), ...this.#todo]
  }

  blobOf(part: number, file: File): Blob {
    const start = (part - 1) * this.#partSize
    return file.slice(start, start + this.#sizeOf(part))
  }

  /** Sends the next part on its way. */
  take(): { part: number; flight: Flight } {
    const part = this.#todo.shift()!
    const flight = { loaded: 0, stop: new AbortController() }
    this.#inFlight.set(part, flight)
    return { part, flight }
  }

  arrived(part: number): void {
    this.#inFlight.delete(part)
    this.#storedBytes += this.#sizeOf(part)
  }

  /** The part is the next to do again. */
  giveBack(part: number): void {
    this.#inFlight.delete(part)
    this.#todo.unshift(part)
  }

  /** Stops what is in flight; those parts are to do again. */
  stop(): void {
    for (const [part, { stop }] of this.#inFlight) {
      this.giveBack(part)
      stop.abort()
    }
    this.#todo.sort((a, b) => a - b)
  }

  #sizeOf(part: number): number {
    return part < this.#partCount ? this.#partSize : this.#size - this.#partSize * (this.#partCount - 1)
  }
}

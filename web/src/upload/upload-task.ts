import type { Upload } from '@balcao/contracts'
import { SpeedMeter } from './speed-meter.ts'
import type { UploadState, UploadView } from './upload-view.ts'

/** Milliseconds before its end at which a signed URL is no longer used. */
const URL_MARGIN = 60_000

/** One file on its way: which parts are to do, in flight and done. It decides nothing; the uploader does. */
export class UploadTask {
  readonly id: string
  readonly fileName: string
  readonly size: number
  fingerprint: string
  file: File | undefined
  upload: Upload | undefined
  state: UploadState = 'preparing'
  problem: { code: string; detail: string } | undefined
  kept = false
  /** Failures in a row; one part that arrives sets it to zero. */
  failures = 0
  notBefore = 0
  todo: number[] = []
  readonly inFlight = new Map<number, { loaded: number; stop: AbortController }>()
  readonly meter = new SpeedMeter()
  /** Lets go of the lock that keeps other tabs away from this upload. */
  release: () => void = () => {}
  #stored = 0
  #urls = new Map<number, { url: string; until: number }>()

  constructor(id: string, file: { name: string; size: number }, fingerprint: string) {
    this.id = id
    this.fileName = file.name
    this.size = file.size
    this.fingerprint = fingerprint
  }

  /** Takes the server's word for what is there: everything else is to do. */
  plan(upload: Upload, stored: readonly { partNumber: number; size: number }[]): void {
    this.upload = upload
    const whole = new Set(
      stored.filter(({ partNumber, size }) => size === this.sizeOf(partNumber)).map(({ partNumber }) => partNumber),
    )
    this.todo = Array.from({ length: upload.partCount }, (_, i) => i + 1).filter((part) => !whole.has(part))
    this.#stored = [...whole].reduce((sum, part) => sum + this.sizeOf(part), 0)
  }

  sizeOf(part: number): number {
    const { partSize, partCount } = this.upload!
    return part < partCount ? partSize : this.size - partSize * (partCount - 1)
  }

  blobOf(part: number): Blob {
    const start = (part - 1) * this.upload!.partSize
    return this.file!.slice(start, start + this.sizeOf(part))
  }

  arrived(part: number): void {
    this.inFlight.delete(part)
    this.#urls.delete(part)
    this.#stored += this.sizeOf(part)
    this.failures = 0
  }

  /** The part goes back to the front of the queue. */
  giveBack(part: number): void {
    this.inFlight.delete(part)
    if (!this.todo.includes(part)) this.todo.unshift(part)
  }

  /** Stops what is in flight; the parts are to do again. */
  stop(): void {
    for (const [part, { stop }] of this.inFlight) {
      this.giveBack(part)
      stop.abort()
    }
    this.todo.sort((a, b) => a - b)
    this.meter.reset()
  }

  keepUrls(items: readonly { partNumber: number; url: string }[], expiresIn: number, now: number): void {
    for (const { partNumber, url } of items) this.#urls.set(partNumber, { url, until: now + expiresIn * 1000 })
  }

  urlOf(part: number, now: number): string | undefined {
    const kept = this.#urls.get(part)
    return kept && kept.until - URL_MARGIN > now ? kept.url : undefined
  }

  forgetUrls(): void {
    this.#urls.clear()
  }

  /** Bytes that are stored or have left. */
  get sent(): number {
    let sent = this.#stored
    for (const { loaded } of this.inFlight.values()) sent += loaded
    return Math.min(sent, this.size)
  }

  view(): UploadView {
    const speed = this.state === 'uploading' ? this.meter.perSecond : undefined
    return {
      id: this.id,
      videoId: this.upload?.videoId,
      fileName: this.fileName,
      size: this.size,
      sent: this.state === 'done' ? this.size : this.sent,
      state: this.state,
      speed,
      secondsLeft: speed ? (this.size - this.sent) / speed : undefined,
      problem: this.problem,
      kept: this.kept,
    }
  }
}

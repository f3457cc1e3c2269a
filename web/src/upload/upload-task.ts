import { MAX_UPLOAD_BYTES, type Upload } from '@balcao/contracts'
import { ProblemError } from '../api/call.ts'
import { PartPlan } from './part-plan.ts'
import { PartUrls } from './part-urls.ts'
import type { PutPart } from './put-part.ts'
import { SpeedMeter } from './speed-meter.ts'
import type { UploadApi } from './upload-api.ts'
import { type UploadState, uploadStates } from './upload-states.ts'
import type { UploadView } from './upload-view.ts'

/** Failures in a row after which a person has to decide; with the back-off that is about a minute and a half. */
const MOST_FAILURES = 9

/** What an upload needs of the page around it. */
export interface Surroundings {
  readonly api: UploadApi
  readonly put: PutPart
  /** Holds an upload for this tab. @returns the release, or undefined while another tab holds it */
  readonly hold: (videoId: string) => Promise<(() => void) | undefined>
  /** Called when an upload has a place at the server, with the file it sends. */
  readonly onBegin: (videoId: string, file: File) => void
  /** Called when an upload is over for good, done or given up. */
  readonly onGone: (videoId: string) => void
  readonly now: () => number
  readonly wait: (milliseconds: number, then: () => void) => void
  /** Milliseconds to wait after so many failures in a row. */
  readonly delay: (failures: number) => number
  /** Called when there is something new to draw. */
  readonly onChange: () => void
  /** Called when a place is free, or there are parts to fill one. */
  readonly onReady: () => void
}

/** One file on its way to the store. It knows its states; when a part may leave is the uploader's to say. */
export class UploadTask {
  readonly id: string
  readonly fileName: string
  readonly size: number
  readonly fingerprint: string
  readonly #parts: PartPlan
  readonly #meter = new SpeedMeter()
  readonly #around: Surroundings
  #state: UploadState = 'preparing'
  #file: File | undefined
  #upload: Upload | undefined
  #urls: PartUrls | undefined
  #problem: UploadView['problem']
  #kept = false
  /** Failures in a row; one part that arrives sets it to zero. */
  #failures = 0
  /** Nothing leaves until the back-off is over; holds what ends it. */
  #rest: object | undefined
  /** Given up or signed out: nothing it still waits for counts. */
  #isDropped = false
  /** Lets go of the lock that keeps other tabs away from this upload. */
  #release: () => void = () => {}

  constructor(around: Surroundings, id: string, file: { name: string; size: number }, fingerprint: string) {
    this.#around = around
    this.id = id
    this.fileName = file.name
    this.size = file.size
    this.fingerprint = fingerprint
    this.#parts = new PartPlan(file.size)
  }

  get state(): UploadState {
    return this.#state
  }

  get videoId(): string | undefined {
    return this.#upload?.videoId
  }

  get inFlight(): number {
    return this.#parts.inFlight
  }

  /** Whether a part of it may leave now. */
  get isReady(): boolean {
    return this.#state === 'uploading' && !this.#rest && this.#parts.hasMore
  }

  /** What an earlier page left half sent waits for its file. @param kept whether the browser still holds that */
  recall(upload: Upload, stored: readonly { partNumber: number; size: number }[], kept: boolean): void {
    this.#upload = upload
    this.#parts.begin(upload, stored)
    this.#kept = kept
    this.#move('needs_file')
  }

  give(file: File): void {
    this.#file = file
    this.#move('preparing')
  }

  /** Finds or makes its place at the server, and begins to send. @param sure sends a file the library already has */
  async prepare(sure: boolean): Promise<void> {
    const { api, onBegin } = this.#around
    if (this.#isDropped || !this.#file) return
    this.#move('preparing')
    try {
      if (this.size === 0) throw new ProblemError('upload/empty', 400)
      if (this.size > MAX_UPLOAD_BYTES) throw new ProblemError('upload/too_large', 413)
      const begun = this.#upload ?? (await this.#begunBefore())
      if (!begun && !sure && (await api.isKnown(this.fileName, this.size))) return this.#move('duplicate')
      const upload =
        begun ?? (await api.start({ fileName: this.fileName, size: this.size, fingerprint: this.fingerprint }))
      await this.#hold(upload.videoId)
      // Not before it is ours: whoever takes this row off the list gives the upload up.
      this.#upload = upload
      this.#parts.begin(upload, begun ? await api.storedParts(upload.videoId) : [])
      this.#urls = new PartUrls((parts) => api.sign(upload.videoId, parts), this.#around.now)
      if (this.#isDropped) return await this.#abandon()
      onBegin(upload.videoId, this.#file)
      await this.#goOn()
    } catch (error) {
      this.#fail(error)
    }
  }

  /** Sends the next part; call it only while `isReady`. */
  async sendPart(): Promise<void> {
    const { put, onChange } = this.#around
    const { part, flight } = this.#parts.take()
    const { signal } = flight.stop
    const onProgress = (loaded: number) => {
      flight.loaded = loaded
      this.#measure()
      onChange()
    }
    try {
      const url = await this.#urls!.of(part, this.#parts.ahead)
      if (signal.aborted) return
      const status = await put(url, this.#parts.blobOf(part, this.#file!), { onProgress, signal })
      if (signal.aborted) return
      if (status < 200 || status > 299) throw new ProblemError('upload/part', status)
      this.#parts.arrived(part)
      this.#urls!.forget(part)
      this.#failures = 0
      this.#measure()
    } catch (error) {
      const problem = asProblem(error)
      const readable = problem.status !== 0 || (await isReadable(this.#file!))
      if (signal.aborted) return
      this.#parts.giveBack(part)
      this.#partFailed(readable ? problem : new ProblemError('upload/file_changed', 0))
    }
    if (this.#state === 'pausing' && this.#parts.inFlight === 0) this.#move('paused')
    if (this.#state === 'uploading' && this.#rest && this.#parts.inFlight === 0) this.#move('waiting')
    if (this.#state === 'uploading' && this.#parts.isComplete) await this.#complete()
    this.#around.onChange()
    this.#around.onReady()
  }

  /** No other part leaves, and those on their way arrive: nothing is sent twice. Asked again it stops those too. */
  pause(): void {
    const { state } = this
    if (state !== 'uploading' && state !== 'waiting' && state !== 'pausing') return
    if (state === 'pausing') this.#parts.stop()
    this.#meter.reset()
    this.#move(this.#parts.inFlight > 0 ? 'pausing' : 'paused')
    this.#around.onReady()
  }

  /** Goes on after a pause or a failure, or sends a duplicate anyway. */
  async resume(): Promise<void> {
    const { state } = this
    if (state !== 'pausing' && state !== 'paused' && state !== 'failed' && state !== 'duplicate') return
    this.#failures = 0
    this.#rest = undefined
    this.#problem = undefined
    if (state === 'pausing' || state === 'paused') await this.#goOn()
    else await this.prepare(state === 'duplicate' || this.#upload !== undefined)
  }

  /** The connection is back: no back-off any longer. */
  wake(): void {
    if (this.#state === 'failed' && this.#problem?.code === 'upload/no_answer') void this.resume()
    else this.#endRest()
  }

  /** Stops everything, and lets go of it here; the server keeps what it has. */
  drop(): void {
    this.#isDropped = true
    this.#parts.stop()
    this.#release()
  }

  view(): UploadView {
    const speed = this.#state === 'uploading' ? this.#meter.perSecond : undefined
    const sent = this.#state === 'done' ? this.size : this.#parts.sent
    return {
      id: this.id,
      videoId: this.videoId,
      fileName: this.fileName,
      size: this.size,
      sent,
      state: this.#state,
      speed,
      secondsLeft: speed ? (this.size - sent) / speed : undefined,
      problem: this.#problem,
      kept: this.#kept,
    }
  }

  async #begunBefore(): Promise<Upload | undefined> {
    const pending = await this.#around.api.pending()
    return pending.find((upload) => upload.fingerprint === this.fingerprint && upload.size === this.size)
  }

  async #hold(videoId: string): Promise<void> {
    this.#release()
    const release = await this.#around.hold(videoId)
    if (!release) throw new ProblemError('upload/other_tab', 409)
    this.#release = release
  }

  /** Given up while it was being prepared: nothing of it stays at the server. */
  async #abandon(): Promise<void> {
    this.#release()
    await this.#around.api.abort(this.#upload!.videoId)
  }

  async #goOn(): Promise<void> {
    this.#measure()
    this.#move('uploading')
    if (this.#parts.isComplete) await this.#complete()
    else this.#around.onReady()
  }

  /** A refused or unanswered part: sign again, wait, or hand it to the person. */
  #partFailed(problem: ProblemError): void {
    // No answer may mean that the store has moved: what is signed next leads there.
    if (problem.status === 403 || problem.status === 0) this.#urls!.forgetAll()
    const ofApi = problem.code !== 'upload/part' && problem.code !== 'network/unreachable'
    const final = ofApi && problem.status >= 400 && problem.status < 500 && problem.status !== 429
    if (problem.code === 'upload/file_changed') {
      this.#file = undefined
      this.#fail(problem, 'needs_file')
    } else if (final) this.#fail(problem)
    // One outage meets every part in flight; it counts, and is waited for, once.
    else if (this.#rest || this.#state === 'pausing') return
    else if (++this.#failures < MOST_FAILURES) this.#startRest()
    else this.#fail(new ProblemError(refusedBy(problem.status), problem.status))
  }

  #startRest(): void {
    const rest = {}
    this.#rest = rest
    this.#meter.reset()
    this.#around.wait(this.#around.delay(this.#failures), () => {
      if (this.#rest === rest) this.#endRest()
    })
  }

  #endRest(): void {
    this.#rest = undefined
    if (this.#state === 'waiting') this.#move('uploading')
    this.#around.onReady()
  }

  async #complete(): Promise<void> {
    this.#move('completing')
    try {
      await this.#around.api.complete(this.videoId!)
      this.#finish()
    } catch (error) {
      const { status } = asProblem(error)
      const partsMissing = status === 409 || status === 422
      const again = partsMissing || status === 0 || status >= 500
      if (!again || ++this.#failures >= MOST_FAILURES) return this.#fail(error)
      this.#around.wait(this.#around.delay(this.#failures), () => {
        if (this.#state !== 'completing' || this.#isDropped) return
        void (partsMissing ? this.#completeAnew() : this.#complete())
      })
    }
  }

  /** The store lacks a part we believe in: asks what is there, and goes on from that. */
  async #completeAnew(): Promise<void> {
    try {
      this.#parts.begin(this.#upload!, await this.#around.api.storedParts(this.videoId!))
      await this.#goOn()
    } catch (error) {
      this.#fail(error)
    }
  }

  #finish(): void {
    this.#file = undefined
    this.#release()
    this.#move('done')
    this.#around.onGone(this.videoId!)
  }

  #fail(error: unknown, state: 'failed' | 'needs_file' = 'failed'): void {
    this.#parts.stop()
    this.#release()
    const problem = asProblem(error)
    if (this.#isDropped) return
    if (problem.code === 'upload/completed') {
      // It went through; only the answer was lost.
      this.#finish()
      return
    }
    this.#problem = { code: problem.code, detail: problem.message, missing: problem.details.missing }
    // Gone at the server (given up elsewhere, or swept): another try begins a new upload.
    if (problem.status === 404) this.#upload = undefined
    this.#move(state)
    this.#around.onReady()
  }

  #measure(): void {
    this.#meter.note(this.#parts.sent, this.#around.now())
  }

  #move(to: UploadState): void {
    if (to !== this.#state && !uploadStates.allows(this.#state, to)) {
      throw new Error(`An upload does not go from ${this.#state} to ${to}.`)
    }
    this.#state = to
    this.#around.onChange()
  }
}

/** Of a store that took no part of the file. 507: its disk is full. */
const refusedBy = (status: number) =>
  status === 0 ? 'upload/no_answer' : status === 507 ? 'upload/no_room' : 'upload/refused'

const asProblem = (error: unknown): ProblemError =>
  error instanceof ProblemError ? error : new ProblemError('server/failed', 500)

/** Whether the file can still be read; one that was moved or changed cannot, and looks like a network failure. */
async function isReadable(file: File): Promise<boolean> {
  try {
    await file.slice(0, 1).arrayBuffer()
    return true
  } catch {
    return false
  }
}

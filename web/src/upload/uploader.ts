import { MAX_UPLOAD_BYTES, type Upload } from '@balcao/contracts'
import { ProblemError } from '../api/call.ts'
import { backOff } from './back-off.ts'
import { fingerprint } from './fingerprint.ts'
import type { PutPart } from './put-part.ts'
import type { UploadApi } from './upload-api.ts'
import { UploadTask } from './upload-task.ts'
import { isBusy, type UploadView } from './upload-view.ts'

/** Parts on their way at once, over all files: two connections of the six stay for the API and the player. */
const PARALLEL = 4
const SIGN_AT_ONCE = 16
/** Failures in a row after which a person has to decide; with the back-off that is about a minute and a half. */
const MOST_FAILURES = 9

export interface UploaderOptions {
  readonly api: UploadApi
  readonly put: PutPart
  /** Holds an upload for this tab. @returns the release, or undefined while another tab holds it */
  readonly hold: (videoId: string) => Promise<(() => void) | undefined>
  /** Called when an upload has a place at the server, with the file it sends. */
  readonly onBegin?: (videoId: string, file: File) => void
  /** Called with each upload that goes through, so that its video shows at once. */
  readonly onComplete?: (videoId: string) => void
  /** Called when an upload is over for good, done or given up. */
  readonly onGone?: (videoId: string) => void
  readonly isOnline?: () => boolean
  readonly now?: () => number
  readonly wait?: (milliseconds: number, then: () => void) => void
  readonly delay?: (failures: number) => number
}

/**
 * Sends files in parts straight to the store, by signed URLs. Plain TypeScript: the panel only draws `views`.
 * A part that fails is sent again; an upload that stops is taken up again from the parts the store holds.
 */
export class Uploader {
  #tasks: UploadTask[] = []
  #views: readonly UploadView[] = []
  #listeners = new Set<() => void>()
  #flushing = false
  #count = 0
  readonly #signing = new Map<UploadTask, Promise<void>>()
  readonly #options: Required<UploaderOptions>

  constructor(options: UploaderOptions) {
    this.#options = {
      onBegin: () => {},
      onComplete: () => {},
      onGone: () => {},
      isOnline: () => navigator.onLine,
      now: () => Date.now(),
      wait: (milliseconds, then) => void setTimeout(then, milliseconds),
      delay: (failures) => backOff(failures),
      ...options,
    }
  }

  get views(): readonly UploadView[] {
    return this.#views
  }

  get busy(): boolean {
    return this.#tasks.some((task) => isBusy(task.state))
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Takes files in. One that waits for its file (after a reload) goes on. @returns how many were already in the list */
  async add(files: readonly File[]): Promise<number> {
    let already = 0
    const fresh: UploadTask[] = []
    for (const file of files) {
      const print = await fingerprint(file)
      const same = this.#tasks.find((task) => task.fingerprint === print && task.state !== 'done')
      if (same?.state === 'needs_file') {
        same.file = file
        fresh.push(same)
      } else if (same) already++
      else {
        const task = new UploadTask(`upload-${++this.#count}`, file, print)
        task.file = file
        this.#tasks.push(task)
        fresh.push(task)
      }
    }
    this.#changed()
    // One after another, so that the first file of many begins at once and the list keeps its order.
    void (async () => {
      for (const task of fresh) await this.#prepare(task, false)
    })()
    return already
  }

  /** Lists what an earlier page left half sent. @param kept says whether the browser still holds the file of a video */
  async recall(kept: (videoId: string) => Promise<boolean>): Promise<void> {
    for (const upload of await this.#options.api.pending()) {
      if (this.#tasks.some((task) => task.upload?.videoId === upload.videoId)) continue
      const release = await this.#options.hold(upload.videoId)
      if (!release) continue
      release()
      const task = new UploadTask(
        `upload-${++this.#count}`,
        { name: upload.fileName, size: upload.size },
        upload.fingerprint ?? '',
      )
      task.plan(upload, await this.#options.api.storedParts(upload.videoId))
      task.state = 'needs_file'
      task.kept = await kept(upload.videoId)
      this.#tasks.push(task)
    }
    this.#changed()
  }

  /** Gives a waiting upload its file back. @returns false when it is another file */
  async provide(id: string, file: File): Promise<boolean> {
    const task = this.#task(id)
    if (task?.state !== 'needs_file') return false
    const right = file.size === task.size && (task.fingerprint === '' || (await fingerprint(file)) === task.fingerprint)
    if (!right) return false
    task.file = file
    await this.#prepare(task, true)
    return true
  }

  pause(id: string): void {
    const task = this.#task(id)
    if (task?.state !== 'uploading' && task?.state !== 'waiting') return
    task.state = 'paused'
    task.stop()
    this.#changed()
    this.#pump()
  }

  /** Goes on after a pause or a failure, or sends a duplicate anyway. */
  resume(id: string): void {
    const task = this.#task(id)
    if (!task || !['paused', 'failed', 'duplicate'].includes(task.state)) return
    const sure = task.state === 'duplicate'
    task.failures = 0
    task.notBefore = 0
    task.problem = undefined
    if (task.state === 'paused' && task.upload) {
      task.state = 'uploading'
      this.#changed()
      this.#pump()
    } else void this.#prepare(task, sure || task.upload !== undefined)
  }

  /** Gives an upload up, here and at the server; a finished one only leaves the list. */
  async remove(id: string): Promise<void> {
    const task = this.#task(id)
    if (!task) return
    const finished = task.state === 'done'
    this.#drop(task)
    if (task.upload && !finished) {
      this.#options.onGone(task.upload.videoId)
      await this.#options.api.abort(task.upload.videoId)
    }
  }

  clearDone(): void {
    this.#tasks = this.#tasks.filter((task) => task.state !== 'done')
    this.#changed()
  }

  /** Its video was deleted: there is nothing left to send or to show. */
  dropVideo(videoId: string): void {
    const task = this.#tasks.find(({ upload }) => upload?.videoId === videoId)
    if (task) this.#drop(task)
  }

  /** The connection is back: nobody waits for a back-off any longer. */
  wake(): void {
    for (const task of this.#tasks) {
      task.notBefore = 0
      if (task.state === 'failed' && task.problem?.code === 'upload/no_answer') this.resume(task.id)
    }
    this.#pump()
  }

  /** Stops everything and forgets it, when the person signs out. */
  clear(): void {
    for (const task of this.#tasks) {
      task.state = 'paused'
      task.stop()
      task.release()
    }
    this.#tasks = []
    this.#changed()
  }

  async #prepare(task: UploadTask, sure: boolean): Promise<void> {
    const { api, hold } = this.#options
    if (!this.#tasks.includes(task) || !task.file) return
    task.state = 'preparing'
    this.#changed()
    try {
      if (task.size === 0) throw new ProblemError('upload/empty', 400)
      if (task.size > MAX_UPLOAD_BYTES) throw new ProblemError('upload/too_large', 413)
      const begun = task.upload ?? (await this.#begunBefore(task))
      if (!begun && !sure && (await api.isKnown(task.fileName, task.size))) {
        task.state = 'duplicate'
        return this.#changed()
      }
      const upload =
        begun ?? (await api.start({ fileName: task.fileName, size: task.size, fingerprint: task.fingerprint }))
      task.release()
      const release = await hold(upload.videoId)
      if (!release) throw new ProblemError('upload/other_tab', 409)
      task.release = release
      task.plan(upload, begun ? await api.storedParts(upload.videoId) : [])
      if (!this.#tasks.includes(task)) return void (await this.#abandon(task))
      this.#options.onBegin(upload.videoId, task.file)
      task.state = 'uploading'
      task.meter.note(task.sent, this.#options.now())
      this.#changed()
      if (task.todo.length === 0) return await this.#complete(task)
      this.#pump()
    } catch (error) {
      this.#fail(task, error)
    }
  }

  /** Given up while it was being prepared: nothing of it stays at the server. */
  async #abandon(task: UploadTask): Promise<void> {
    task.release()
    if (task.upload) await this.#options.api.abort(task.upload.videoId)
  }

  async #begunBefore(task: UploadTask): Promise<Upload | undefined> {
    const pending = await this.#options.api.pending()
    return pending.find((upload) => upload.fingerprint === task.fingerprint && upload.size === task.size)
  }

  /** Fills the free places with parts, the first file first. */
  #pump(): void {
    const now = this.#options.now()
    let free = PARALLEL - this.#tasks.reduce((sum, task) => sum + task.inFlight.size, 0)
    for (const task of this.#tasks) {
      if (task.state === 'waiting' && task.notBefore <= now) task.state = 'uploading'
      if (task.state !== 'uploading' || task.notBefore > now) continue
      while (free > 0 && task.todo.length > 0) {
        free--
        void this.#send(task, task.todo.shift()!)
      }
    }
  }

  async #send(task: UploadTask, part: number): Promise<void> {
    const stop = new AbortController()
    const flight = { loaded: 0, stop }
    task.inFlight.set(part, flight)
    const onProgress = (loaded: number) => {
      flight.loaded = loaded
      task.meter.note(task.sent, this.#options.now())
      this.#changed()
    }
    try {
      const url = await this.#urlOf(task, part)
      if (stop.signal.aborted) return
      const status = await this.#options.put(url, task.blobOf(part), { onProgress, signal: stop.signal })
      if (stop.signal.aborted) return
      if (status < 200 || status > 299) throw new ProblemError('upload/part', status)
      task.arrived(part)
      task.meter.note(task.sent, this.#options.now())
    } catch (error) {
      const problem = error instanceof ProblemError ? error : new ProblemError('server/failed', 500)
      const readable = problem.status !== 0 || (await isReadable(task.file!))
      if (stop.signal.aborted) return
      task.giveBack(part)
      this.#partFailed(task, readable ? problem : new ProblemError('upload/file_changed', 0))
    }
    this.#changed()
    this.#pump()
    if (task.state === 'uploading' && task.todo.length === 0 && task.inFlight.size === 0) await this.#complete(task)
  }

  async #urlOf(task: UploadTask, part: number): Promise<string> {
    const { api, now } = this.#options
    const wanted = () => task.urlOf(part, now())
    // Parts that start together share one request; a part it left out asks once more.
    for (let url = wanted(); ; url = wanted()) {
      if (url) return url
      const asked = this.#signing.get(task)
      if (asked) {
        await asked
        continue
      }
      const numbers = [part, ...task.inFlight.keys(), ...task.todo]
      const missing = [...new Set(numbers)].filter((number) => !task.urlOf(number, now())).slice(0, SIGN_AT_ONCE)
      const request = api
        .sign(task.upload!.videoId, missing)
        .then(({ items, expiresIn }) => task.keepUrls(items, expiresIn, now()))
        .finally(() => this.#signing.delete(task))
      this.#signing.set(task, request)
      await request
      if (!wanted()) throw new ProblemError('upload/refused', 500)
    }
  }

  /** A refused or unanswered part: sign again, wait, or hand it to the person. */
  #partFailed(task: UploadTask, problem: ProblemError): void {
    if (problem.code === 'upload/file_changed') {
      task.file = undefined
      this.#fail(task, problem, 'needs_file')
      return
    }
    if (problem.status === 403) task.forgetUrls()
    task.failures++
    const ofApi = problem.code !== 'upload/part' && problem.code !== 'network/unreachable'
    const final = ofApi && problem.status >= 400 && problem.status < 500 && problem.status !== 429
    if (!final && task.failures < MOST_FAILURES) this.#later(task)
    else if (final) this.#fail(task, problem)
    else
      this.#fail(task, new ProblemError(problem.status === 0 ? 'upload/no_answer' : 'upload/refused', problem.status))
  }

  #later(task: UploadTask): void {
    const pause = this.#options.delay(task.failures)
    task.notBefore = this.#options.now() + pause
    if (task.inFlight.size === 0) task.state = 'waiting'
    task.meter.reset()
    this.#options.wait(pause, () => {
      // Clocks and timers round differently: the wait is over because its timer says so.
      task.notBefore = 0
      this.#pump()
      this.#changed()
    })
  }

  async #complete(task: UploadTask): Promise<void> {
    const { api, now, wait, delay } = this.#options
    task.state = 'completing'
    this.#changed()
    const { videoId } = task.upload!
    try {
      await api.complete(videoId)
      task.state = 'done'
      task.file = undefined
      task.release()
      this.#changed()
      this.#options.onGone(videoId)
      this.#options.onComplete(videoId)
    } catch (error) {
      task.failures++
      const status = error instanceof ProblemError ? error.status : 500
      const again = status === 0 || status === 409 || status === 422 || status >= 500
      if (!again || task.failures >= MOST_FAILURES) return this.#fail(task, error)
      // The store may lack a part we believe in: ask what is there, and go on from that.
      wait(delay(task.failures), () => {
        if (task.state !== 'completing') return
        void api.storedParts(videoId).then(
          (stored) => {
            task.plan(task.upload!, stored)
            if (task.todo.length === 0) return this.#complete(task)
            task.state = 'uploading'
            task.meter.note(task.sent, now())
            this.#changed()
            this.#pump()
          },
          (failure) => this.#fail(task, failure),
        )
      })
    }
  }

  #fail(task: UploadTask, error: unknown, state: 'failed' | 'needs_file' = 'failed'): void {
    if (!this.#tasks.includes(task)) return
    task.state = state
    task.stop()
    task.release()
    const problem = error instanceof ProblemError ? error : new ProblemError('server/failed', 500)
    task.problem = { code: problem.code, detail: problem.message }
    // Gone at the server (given up elsewhere, or swept): another try begins a new upload.
    if (problem.status === 404) task.upload = undefined
    this.#changed()
    this.#pump()
  }

  #drop(task: UploadTask): void {
    this.#tasks = this.#tasks.filter((other) => other !== task)
    task.state = 'done'
    task.stop()
    task.release()
    this.#changed()
    this.#pump()
  }

  #task(id: string): UploadTask | undefined {
    return this.#tasks.find((task) => task.id === id)
  }

  /** Draws at most ten times a second, however often parts report. */
  #changed(): void {
    if (this.#flushing) return
    this.#flushing = true
    setTimeout(() => {
      this.#flushing = false
      this.#views = this.#tasks.map((task) => task.view())
      for (const listener of this.#listeners) listener()
    }, 100)
  }
}

/** Whether the file can still be read; one that was moved or changed cannot, and looks like a network failure. */
async function isReadable(file: File): Promise<boolean> {
  try {
    await file.slice(0, 1).arrayBuffer()
    return true
  } catch {
    return false
  }
}

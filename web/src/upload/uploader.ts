import { backOff } from '../api/back-off.ts'
import { fingerprint } from './fingerprint.ts'
import { isBusy } from './upload-states.ts'
import { type Surroundings, UploadTask } from './upload-task.ts'
import type { UploadView } from './upload-view.ts'

/** Parts on their way at once, over all files: two connections of the six stay for the API and the player. */
const PARALLEL = 4
/** Milliseconds between two drawings, however often parts report. */
const REDRAW_MS = 100

type Needed = 'api' | 'put' | 'hold'
export type UploaderOptions = Pick<Surroundings, Needed> & Partial<Omit<Surroundings, 'onChange' | 'onReady'>>

/**
 * Sends files in parts straight to the store, by signed URLs: which files there are, and whose part leaves next.
 * Plain TypeScript: the panel only draws `views`. A part that fails is sent again; an upload that stops is taken up
 * again from the parts the store holds.
 */
export class Uploader {
  #tasks: UploadTask[] = []
  #views: readonly UploadView[] = []
  #drawing = false
  #count = 0
  readonly #listeners = new Set<() => void>()
  readonly #around: Surroundings

  constructor(options: UploaderOptions) {
    this.#around = {
      onBegin: () => {},
      onGone: () => {},
      now: () => Date.now(),
      wait: (milliseconds, then) => void setTimeout(then, milliseconds),
      delay: (failures) => backOff(failures),
      ...options,
      onChange: () => this.#draw(),
      onReady: () => this.#pump(),
    }
  }

  get views(): readonly UploadView[] {
    return this.#views
  }

  get busy(): boolean {
    return this.#tasks.some(({ state }) => isBusy(state))
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
      if (same && same.state !== 'needs_file') already++
      else {
        const task = same ?? this.#list(file, print)
        task.give(file)
        fresh.push(task)
      }
    }
    // One after another, so that the first file of many begins at once and the list keeps its order.
    void (async () => {
      for (const task of fresh) await task.prepare(false)
    })()
    return already
  }

  /** Lists what an earlier page left half sent. @param kept says whether the browser still holds the file of a video */
  async recall(kept: (videoId: string) => Promise<boolean>): Promise<void> {
    const { api, hold } = this.#around
    for (const upload of await api.pending()) {
      const { videoId, fileName, size } = upload
      if (this.#tasks.some((task) => task.videoId === videoId)) continue
      const release = await hold(videoId)
      if (!release) continue
      release()
      const stored = await api.storedParts(videoId)
      const has = await kept(videoId)
      this.#list({ name: fileName, size }, upload.fingerprint ?? '').recall(upload, stored, has)
    }
  }

  /** Gives a waiting upload its file back. @returns false when it is another file */
  async provide(id: string, file: File): Promise<boolean> {
    const task = this.#task(id)
    if (task?.state !== 'needs_file' || file.size !== task.size) return false
    if (task.fingerprint !== '' && (await fingerprint(file)) !== task.fingerprint) return false
    if (task.state !== 'needs_file') return true
    task.give(file)
    await task.prepare(true)
    return true
  }

  /** Lets the parts on their way arrive and sends no more; a second time, stops those too. */
  pause(id: string): void {
    this.#task(id)?.pause()
  }

  /** Goes on after a pause or a failure, or sends a duplicate anyway. */
  resume(id: string): void {
    void this.#task(id)?.resume()
  }

  /** Gives an upload up, here and at the server; a finished one only leaves the list. */
  async remove(id: string): Promise<void> {
    const task = this.#task(id)
    if (!task) return
    this.#drop(task)
    if (!task.videoId || task.state === 'done') return
    this.#around.onGone(task.videoId)
    await this.#around.api.abort(task.videoId)
  }

  clearDone(): void {
    this.#tasks = this.#tasks.filter(({ state }) => state !== 'done')
    this.#draw()
  }

  /** Its video was deleted: there is nothing left to send or to show. */
  dropVideo(videoId: string): void {
    const task = this.#tasks.find((task) => task.videoId === videoId)
    if (task) this.#drop(task)
  }

  /** The connection is back: nobody waits for a back-off any longer. */
  wake(): void {
    for (const task of this.#tasks) task.wake()
  }

  /** Stops everything and forgets it, when the person signs out. */
  clear(): void {
    const tasks = this.#tasks
    this.#tasks = []
    for (const task of tasks) task.drop()
    this.#draw()
  }

  #list(file: { name: string; size: number }, print: string): UploadTask {
    const task = new UploadTask(this.#around, `upload-${++this.#count}`, file, print)
    this.#tasks.push(task)
    return task
  }

  /** Fills the free places with parts, the first file first. */
  #pump(): void {
    let free = PARALLEL - this.#tasks.reduce((sum, task) => sum + task.inFlight, 0)
    for (const task of this.#tasks) {
      for (; free > 0 && task.isReady; free--) void task.sendPart()
    }
  }

  #drop(task: UploadTask): void {
    this.#tasks = this.#tasks.filter((other) => other !== task)
    task.drop()
    this.#draw()
    this.#pump()
  }

  #task(id: string): UploadTask | undefined {
    return this.#tasks.find((task) => task.id === id)
  }

  #draw(): void {
    if (this.#drawing) return
    this.#drawing = true
    setTimeout(() => {
      this.#drawing = false
      this.#views = this.#tasks.map((task) => task.view())
      for (const listener of this.#listeners) listener()
    }, REDRAW_MS)
  }
}

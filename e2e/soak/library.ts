import type { Video } from '@balcao/contracts'
import type { Diary } from './diary.ts'
import type { Sent } from './films.ts'

/** A video that the house has acknowledged to a person. */
export interface Kept {
  readonly id: string
  readonly title: string
  readonly sent: Sent
  /** Seconds of the diary, when the bytes were acknowledged or it was taken out of the trash. */
  since: number
  /** Whether there was a picture to see, or a verdict. */
  answered: boolean
  deleted: boolean
  /** How often deleting or restoring it was begun. */
  changes: number
  /** As the house told last. */
  last: Video | undefined
}

/** What one person must have, held against what the house says. */
export class Library {
  readonly all: Kept[] = []
  /** Seconds from the acknowledgement to the first picture or verdict, by kind. */
  readonly waits: { kind: string; seconds: number }[] = []
  readonly #told = new Set<string>()

  constructor(
    readonly owner: string,
    private readonly diary: Diary,
    /** Seconds in which each must have a picture or a verdict, however bad the day is. */
    private readonly bound: number,
  ) {}

  add(id: string, title: string, sent: Sent): Kept {
    const kept: Kept = {
      ...{ id, title, sent, since: this.diary.now, answered: false, deleted: false, changes: 0, last: undefined },
    }
    this.all.push(kept)
    return kept
  }

  get there(): Kept[] {
    return this.all.filter(({ deleted }) => !deleted)
  }
  get trash(): Kept[] {
    return this.all.filter(({ deleted }) => deleted)
  }
  get unsettled(): Kept[] {
    return this.there.filter(({ last }) => last?.state !== 'ready' && last?.state !== 'failed')
  }

  forget(kept: Kept): void {
    this.all.splice(this.all.indexOf(kept), 1)
  }

  /** Reads what the house has of it. @param list asks the house */
  async compare(list: () => Promise<Video[]>): Promise<void> {
    const before = this.there.map((kept) => ({ kept, changes: kept.changes }))
    const found = new Map((await list()).map((video) => [video.id, video]))
    for (const { kept, changes } of before) {
      // What its owner touched meanwhile may be told either way.
      if (kept.deleted || kept.changes !== changes) continue
      const video = found.get(kept.id)
      if (video) this.#judge(kept, video)
      else this.#once(kept, 'is lost: the list does not have it')
    }
  }

  #judge(kept: Kept, video: Video): void {
    const { sent, last } = kept
    if (last?.state === 'ready' && video.state !== 'ready') this.#once(kept, `was ready and is ${video.state}`)
    kept.last = video
    if (video.state === 'failed' && (sent.film || video.retryable))
      this.#once(kept, `failed with ${video.problem?.code}`)
    if (video.state === 'ready' && !sent.film) this.#once(kept, 'is no film and became one')
    if (video.state === 'uploading') this.#once(kept, 'was acknowledged and waits for its bytes')
    const seconds = this.diary.now - kept.since
    if (!kept.answered && (video.playable || video.state === 'ready' || video.state === 'failed')) {
      kept.answered = true
      this.waits.push({ kind: sent.kind, seconds })
    }
    if (!kept.answered && seconds > this.bound)
      this.#once(kept, `has no picture and no verdict after ${this.bound} s: ${video.state}, ${video.problem?.code}`)
  }

  #once({ id, title, sent }: Kept, what: string): void {
    if (this.#told.has(`${id} ${what}`)) return
    this.#told.add(`${id} ${what}`)
    this.diary.fault(`${this.owner}: ${title} (${sent.kind}, ${id}) ${what}`)
  }
}

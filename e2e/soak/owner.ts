import { readFile } from 'node:fs/promises'
import { extname } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { type Route, type Upload, type Video, videoRoutes } from '@balcao/contracts'
import { call } from '../support/api.ts'
import type { Person } from '../support/person.ts'
import type { Diary } from './diary.ts'
import type { Dice } from './dice.ts'
import type { Films, Sent } from './films.ts'
import { insist, refusalOf, Unstored } from './insist.ts'
import type { Library } from './library.ts'

/** Of one person: more only wait for each other. */
const MOST_UNSETTLED = 3
/** Milliseconds. */
const LONGEST_PAUSE = 1500

const chances = {
  upload: 10,
  'single upload': 3,
  cancel: 3,
  'cancel and complete': 2,
  delete: 4,
  undo: 2,
  restore: 3,
  retry: 2,
}
type Deed = keyof typeof chances

/** Somebody who does at random what people do with their films. */
export class Owner {
  #number = 0

  constructor(
    readonly person: Person,
    readonly library: Library,
    private readonly films: Films,
    private readonly dice: Dice,
    private readonly diary: Diary,
    /** Films that one person keeps. */
    private readonly most: number,
  ) {}

  /** Until `going` says no; ends with its last deed done. */
  async live(going: () => boolean): Promise<void> {
    while (going()) {
      // The moment is what is random here.
      await delay(this.dice.between(0, LONGEST_PAUSE))
      const deed = this.dice.weighted(chances)
      await this.#do(deed).catch((error: unknown) => {
        if (refusalOf(error) === 'upload/no_room') this.diary.note('no room')
        else
          this.diary.fault(`${this.library.owner}: ${deed} ended with ${error instanceof Error ? error.stack : error}`)
      })
    }
  }

  /** Holds the library against what the house says. */
  look(): Promise<void> {
    return this.library.compare(() => insist(() => this.#as(() => this.person.videos())))
  }

  /** Gives up whatever was begun and lost sight of, and deletes everything. */
  async leave(): Promise<void> {
    const asked = (id: string) => ({ token: this.person.token, params: { id } })
    for (const { videoId } of await insist(() => this.#as(() => this.person.openUploads())))
      await insist(() => this.#as(() => this.#call(videoRoutes.abortUpload, asked(videoId)))).catch(unlessGone)
    for (const { id } of await insist(() => this.#as(() => this.person.videos())))
      await insist(() => this.#as(() => this.#call(videoRoutes.delete, asked(id))))
  }

  #do(deed: Deed): Promise<void> {
    const full = this.library.unsettled.length >= MOST_UNSETTLED || this.library.there.length >= this.most
    if (full && ['upload', 'single upload', 'cancel and complete'].includes(deed)) return this.#delete()
    if (deed === 'upload') return this.#upload()
    if (deed === 'single upload') return this.#uploadSingly()
    if (deed === 'cancel') return this.#cancel()
    if (deed === 'cancel and complete') return this.#cancelAndComplete()
    if (deed === 'delete') return this.#delete()
    if (deed === 'undo') return this.#undo()
    if (deed === 'restore') return this.#restore(this.dice.one(this.library.trash)?.id)
    return this.#retry()
  }

  async #upload(): Promise<void> {
    const { sent, title } = this.#some()
    const upload = await this.#begin(title, sent)
    await this.#send(upload, sent)
    await insist(() => this.#as(() => this.person.complete(upload)))
    this.library.add(upload.videoId, title, sent)
    this.#note('upload', title, sent.kind)
  }

  async #uploadSingly(): Promise<void> {
    const { sent, title } = this.#some()
    const bytes = await readFile(sent.path)
    const body = { fileName: title, size: bytes.length }
    const { videoId, uploadUrl } = await insist(() =>
      this.#as(() => call(this.person.url, videoRoutes.uploadUrl, { token: this.person.token, body })),
    )
    await insist(() => put(uploadUrl, bytes))
    this.#note('single upload', title, sent.kind)
    // The store's word of it may take a moment; until then it is a video without bytes.
    const known = () => this.#as(() => this.person.video(videoId))
    while ((await insist(known)).state === 'uploading') await delay(200)
    this.library.add(videoId, title, sent)
  }

  async #cancel(): Promise<void> {
    const { sent, title } = this.#some()
    const upload = await this.#begin(title, sent)
    if (this.dice.part() < 0.7) await this.#send(upload, sent)
    this.#note('cancel', title, sent.kind)
    await this.#abort(upload).catch(unlessGone)
    if (await this.#isThere(upload.videoId)) this.diary.fault(`${title} was cancelled and is still there`)
  }

  /** Two pages at once: one of the two is told that it came too late. */
  async #cancelAndComplete(): Promise<void> {
    const { sent, title } = this.#some()
    const upload = await this.#begin(title, sent)
    await this.#send(upload, sent)
    this.#note('cancel and complete', title, sent.kind)
    const [completed, cancelled] = await Promise.all([
      insist(() => this.#as(() => this.person.complete(upload))).then(
        () => true,
        (error: unknown) => unlessGone(error),
      ),
      this.#abort(upload).then(
        () => true,
        (error: unknown) => {
          if (refusalOf(error) !== 'upload/completed') unlessGone(error)
        },
      ),
    ])
    const there = await this.#isThere(upload.videoId)
    if (there) this.library.add(upload.videoId, title, sent)
    if (completed === true && !there)
      this.diary.fault(`${title} was acknowledged and is gone (cancelled: ${cancelled})`)
    if (cancelled === true && there) this.diary.fault(`${title} was cancelled and is there`)
  }

  async #delete(): Promise<void> {
    const kept = this.dice.one(this.library.there)
    if (!kept) return
    kept.changes++
    kept.deleted = true
    this.#note('delete', kept.title, kept.last?.state)
    await insist(() => this.#as(() => this.#call(videoRoutes.delete, this.#asked(kept.id))))
    kept.changes++
  }

  async #undo(): Promise<void> {
    const kept = this.dice.one(this.library.there)
    if (!kept) return
    kept.changes++
    kept.deleted = true
    this.#note('undo', kept.title, kept.last?.state)
    await insist(() => this.#as(() => this.#call(videoRoutes.delete, this.#asked(kept.id))))
    await this.#restore(kept.id)
  }

  async #restore(id: string | undefined): Promise<void> {
    const kept = this.library.all.find((one) => one.id === id)
    if (!kept || this.library.unsettled.length >= MOST_UNSETTLED) return
    kept.changes++
    this.#note('restore', kept.title, kept.last?.state)
    await insist(() => this.#as(() => this.#call(videoRoutes.restore, this.#asked(kept.id))))
    kept.changes++
    kept.deleted = false
    kept.since = this.diary.now
  }

  /** Of what was refused, which is refused again. */
  async #retry(): Promise<void> {
    const kept = this.dice.one(this.library.there.filter(({ last }) => last?.state === 'failed'))
    if (!kept) return
    this.#note('retry', kept.title, kept.last?.problem?.code)
    const refusal = await insist(() => this.#as(() => this.#call(videoRoutes.retry, this.#asked(kept.id)))).then(
      () => undefined,
      refusalOf,
    )
    if (!kept.sent.film && refusal !== 'video/rejected') this.diary.fault(`${kept.title} is tried again: ${refusal}`)
  }

  #some(): { sent: Sent; title: string } {
    const sent = this.films.of(this.dice.weighted(this.films.chances))
    return { sent, title: `${this.library.owner} ${++this.#number}${extname(sent.path)}` }
  }

  /** An upload whose answer got lost is found again by its fingerprint. */
  #begin(title: string, { path }: Sent): Promise<Upload> {
    return insist(() =>
      this.#as(async () => {
        const begun = (await this.person.openUploads()).find(({ fingerprint }) => fingerprint === title)
        return begun ?? this.person.startUpload(title, (await readFile(path)).length, title)
      }),
    )
  }

  async #send(upload: Upload, { path }: Sent): Promise<void> {
    const bytes = await readFile(path)
    const body = { partNumbers: Array.from({ length: upload.partCount }, (_, i) => i + 1) }
    const asked = { ...this.#asked(upload.videoId), body }
    const { items } = await insist(() => this.#as(() => call(this.person.url, videoRoutes.signParts, asked)))
    for (const { partNumber, size, url } of items) {
      const from = (partNumber - 1) * upload.partSize
      await insist(() => put(url, bytes.subarray(from, from + size)))
    }
  }

  #abort({ videoId }: Upload): Promise<unknown> {
    return insist(() => this.#as(() => this.#call(videoRoutes.abortUpload, this.#asked(videoId))))
  }

  async #isThere(id: string): Promise<boolean> {
    const found: Video | undefined = await insist(() => this.#as(() => this.person.video(id))).catch(unlessGone)
    return found !== undefined
  }

  #asked(id: string) {
    return { token: this.person.token, params: { id } }
  }

  #call(route: Route, asked: { token: string; params: { id: string } }): Promise<unknown> {
    // The token may have been renewed since.
    return call(this.person.url, route, { ...asked, token: this.person.token })
  }

  /** Signs in again where the session is over. */
  async #as<T>(ask: () => Promise<T>): Promise<T> {
    try {
      return await ask()
    } catch (error) {
      if (!/^auth\/|unauthenticated/.test(refusalOf(error) ?? '')) throw error
      await this.person.signIn()
      return ask()
    }
  }

  #note(deed: Deed, title: string, about: string | undefined): void {
    this.diary.note(deed, `${title} (${about})`)
  }
}

/** @throws the error where it is another one */
function unlessGone(error: unknown): undefined {
  if (!['video/not_found', 'upload/gone'].includes(refusalOf(error) ?? '')) throw error
  return undefined
}

async function put(url: string, bytes: Uint8Array): Promise<void> {
  const answer = await fetch(url, { method: 'PUT', body: bytes as BodyInit })
  const said = await answer.text()
  if (answer.ok) return
  throw answer.status >= 500 ? new Unstored(said) : new Error(`the store answered ${answer.status} to a part: ${said}`)
}

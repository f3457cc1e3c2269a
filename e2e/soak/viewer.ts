import { setTimeout as delay } from 'node:timers/promises'
import { videoRoutes } from '@balcao/contracts'
import { call } from '../support/api.ts'
import type { Person } from '../support/person.ts'
import type { Diary } from './diary.ts'
import type { Dice } from './dice.ts'
import { insist, refusalOf, Unstored } from './insist.ts'
import type { Kept, Library } from './library.ts'
import { type Piece, readPlaylist, renditionsOf } from './playlist.ts'

/** Milliseconds between two looks at a playlist that grows. */
const LOOK = 400

/** What a player was refused, and why. */
class CutOff extends Error {}

/** A player that watches one film after another, and the films of its owner alone can end it. */
export class Viewer {
  constructor(
    private readonly person: Person,
    private readonly library: Library,
    private readonly dice: Dice,
    private readonly diary: Diary,
  ) {}

  async watchAtRandom(going: () => boolean): Promise<void> {
    while (going()) {
      const kept = this.dice.one(this.library.there.filter(({ last }) => last?.playable))
      if (kept) await this.watch(kept, going)
      await delay(LOOK)
    }
  }

  /** Plays one rendition to its end, as it grows. What its owner deletes meanwhile may end. */
  async watch(kept: Kept, going: () => boolean): Promise<void> {
    const { changes } = kept
    const begun = this.diary.now
    try {
      await this.#play(kept, () => going() && kept.changes === changes)
    } catch (error) {
      // Its owner may have deleted it a moment before that is told.
      if (kept.changes !== changes || kept.deleted) return
      const about = `${kept.title} (${kept.sent.kind}, ${kept.last?.state}) after ${(this.diary.now - begun).toFixed(1)} s`
      this.diary.fault(`${this.library.owner} was cut off from ${about}: ${error}`)
    }
  }

  /** Every byte of every rendition of a film that is whole. @returns how many bytes */
  async playAll(kept: Kept): Promise<number> {
    let sum = 0
    for (const rendition of await this.#renditions(kept.id)) {
      const { init, segments, ended } = readPlaylist(await text(rendition), rendition)
      if (!ended || !init || segments.length === 0) throw new CutOff(`a playlist without an end: ${rendition}`)
      for (const piece of [init, ...segments]) sum += await fetchPiece(piece)
    }
    return sum
  }

  async #play(kept: Kept, going: () => boolean): Promise<void> {
    const rendition = this.dice.one(await this.#renditions(kept.id))
    if (!rendition) return
    let [played, quiet] = [0, 0]
    while (going()) {
      const { init, segments, ended } = readPlaylist(await text(rendition), rendition)
      if (segments.length < played) throw new CutOff(`${segments.length} segments, of which ${played} were played`)
      if (played === 0 && init) await fetchPiece(init)
      for (const segment of segments.slice(played)) await fetchPiece(segment)
      quiet = segments.length === played ? quiet + 1 : 0
      played = segments.length
      if (ended) return this.diary.note('watched', `${kept.title} to its end`)
      const settled = kept.last?.state === 'ready' || kept.last?.state === 'failed'
      // An attempt that another one overtook grows no more: the page asks for the film anew, and goes on where it was.
      if (settled && quiet > 2) return this.diary.note('watched as far as it went', kept.title)
      await delay(LOOK)
    }
  }

  async #renditions(id: string): Promise<string[]> {
    const asked = () => call(this.person.url, videoRoutes.playback, { token: this.person.token, params: { id } })
    const playback = await insist(asked).catch((error: unknown) => {
      // It is made anew since it was listed.
      if (['playback/not_ready', 'auth/invalid_token'].includes(refusalOf(error) ?? '')) return undefined
      throw error
    })
    if (!playback) return []
    const home = new URL(playback.url, this.person.url).href
    return renditionsOf(await text(home), home)
  }
}

/** Tries again while a part of the house is away, as players do. @throws CutOff */
const text = (url: string) =>
  insist(async () => {
    const answer = await fetch(url)
    const said = await answer.text()
    if (answer.ok) return said
    throw refused(answer.status, `${new URL(url).pathname.split('/').at(-1)}: ${said}`)
  })

const fetchPiece = ({ url, range }: Piece) =>
  insist(async () => {
    const answer = await fetch(url, range ? { headers: { range } } : {})
    const bytes = await answer.bytes()
    if (!answer.ok)
      throw refused(answer.status, `${new URL(url).pathname}: ${Buffer.from(bytes).toString().slice(0, 300)}`)
    if (bytes.length === 0) throw new CutOff(`nothing at ${url}`)
    return bytes.length
  })

const refused = (status: number, about: string) =>
  status >= 500 ? new Unstored(about) : new CutOff(`${status} ${about}`)

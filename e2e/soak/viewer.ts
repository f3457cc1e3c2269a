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

/** It is to ask for the film anew: another attempt took the place of the one that it watches. */
class SentOn extends Error {}

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

  /** @param from how many segments were played of an attempt before */
  async #play(kept: Kept, going: () => boolean, from = 0): Promise<void> {
    const rendition = this.dice.one(await this.#renditions(kept.id))
    if (!rendition) return
    const { played, sentOn } = await this.#follow(kept, rendition, going)
    if (played < from) this.diary.note('set back', `${kept.title} from ${from} segments to ${played}`)
    if (!sentOn || !going()) return
    this.diary.note('sent on to another attempt', kept.title)
    await this.#play(kept, going, played)
  }

  /** Plays what comes. @returns how many segments, and whether the film is to be asked for anew */
  async #follow(kept: Kept, rendition: string, going: () => boolean): Promise<{ played: number; sentOn: boolean }> {
    let [played, quiet] = [0, 0]
    while (going()) {
      const read = await text(rendition).catch((error: unknown) => {
        if (error instanceof SentOn) return undefined
        throw error
      })
      if (read === undefined) return { played, sentOn: true }
      const { init, segments, ended } = readPlaylist(read, rendition)
      if (segments.length < played) throw new CutOff(`${segments.length} segments, of which ${played} were played`)
      if (played === 0 && init) await fetchPiece(init)
      for (const segment of segments.slice(played)) await fetchPiece(segment)
      quiet = segments.length === played ? quiet + 1 : 0
      played = segments.length
      const settled = kept.last?.state === 'ready' || kept.last?.state === 'failed'
      // Of an attempt that another one overtook nothing more comes; a film that is ready has been told as such.
      if (ended || (settled && quiet > 2)) {
        this.diary.note(ended ? 'watched to its end' : 'watched as far as it went', kept.title)
        break
      }
      await delay(LOOK)
    }
    return { played, sentOn: false }
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
    if (said.includes('playback:superseded')) throw new SentOn(said)
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

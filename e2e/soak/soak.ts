import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { eachOf } from '@balcao/kernel'
import { until } from '@balcao/testing'
import { Balcao } from '../support/balcao.ts'
import { Inside } from '../support/inside.ts'
import { Person, somebody } from '../support/person.ts'
import { Chaos } from './chaos.ts'
import { Diary } from './diary.ts'
import { Dice } from './dice.ts'
import { makeFilms } from './films.ts'
import { insist } from './insist.ts'
import { Library } from './library.ts'
import { Owner } from './owner.ts'
import { Viewer } from './viewer.ts'

const NAMES = ['Ana', 'Bia', 'Caio']
/** Milliseconds between two looks at what the house says. */
const LOOK = 300
/** Seconds in which all that was begun is over, once nothing befalls the house any more. */
const CALM = 300
/** Seconds in which what is finished has been tidied; overtaken attempts are left for half a minute. */
const TIDY = 90

export interface SoakOptions {
  readonly seed: number
  /** Of bad days; what follows each takes as long as it takes. */
  readonly minutes: number
  /** After so many minutes the house is left alone and looked through. */
  readonly roundMinutes: number
  /** Seconds in which every film has its first picture, and everything else its verdict, however bad the day is. */
  readonly boundSeconds: number
  /** A folder on a disk that may be filled. Without it the disk is never full. */
  readonly smallDisk: string | undefined
  /** Films that each person keeps. */
  readonly most: number
}

export interface Soaked {
  readonly faults: readonly string[]
  readonly waits: readonly { kind: string; seconds: number }[]
  readonly sum: string
  /** Of the terminal. */
  readonly output: string
}

/** Three people do at random what people do with films, while parts of a real installation are killed at random and its
 *  disk is nearly full now and then. Everything is held against what they were told all the time, and after each round,
 *  when it is calm again, looked through: nothing lost, nothing left over. */
export async function soak(options: SoakOptions): Promise<Soaked> {
  const diary = new Diary()
  const { seed, smallDisk } = options
  const place = smallDisk && (await mkdtemp(join(smallDisk, 'balcao-soak-')))
  const balcao = await Balcao.prepare(place ? { dataDir: join(place, 'data') } : {})
  const films = await makeFilms()
  try {
    await balcao.start()
    const owners = await Promise.all(NAMES.map((name) => ownerOf(name)))
    const viewers = owners.map(
      ({ person, library }) => new Viewer(person, library, new Dice(seed, `viewer of ${library.owner}`), diary),
    )
    const chaos = new Chaos(balcao, place !== undefined, new Dice(seed, 'chaos'), diary)
    const rounds = Math.max(1, Math.round(options.minutes / options.roundMinutes))
    for (let round = 1; round <= rounds; round++) {
      const end = Date.now() + (options.minutes / rounds) * 60_000
      const going = () => Date.now() < end
      const acting = Promise.all([
        ...owners.map((owner) => owner.live(going)),
        ...viewers.map((viewer) => viewer.watchAtRandom(going)),
        chaos.rage(going),
      ])
      await Promise.all([acting, ...owners.map((owner) => lookWhile(owner, going))])
      await calm(owners, viewers)
      console.log(`round ${round} of ${rounds}, seed ${seed}: ${diary.sum()}`)
    }
    await leave(owners)
    return {
      faults: diary.faults,
      waits: owners.flatMap(({ library }) => library.waits),
      sum: diary.sum(),
      output: balcao.output,
    }
  } catch (error) {
    throw new Error(`The soak of seed ${seed} broke off. Last:\n${diary.tell()}`, { cause: error })
  } finally {
    if (diary.faults.length > 0) console.log(`seed ${seed}, ${diary.faults.length} faults:\n${diary.faults.join('\n')}`)
    await balcao.remove()
    await films.remove()
    if (place) await rm(place, { recursive: true, force: true, maxRetries: 5 })
  }

  async function ownerOf(name: string): Promise<Owner> {
    const person = await Person.signUp(balcao.url, somebody(`${name} Souza`))
    const library = new Library(name, diary, options.boundSeconds)
    return new Owner(person, library, films, new Dice(seed, name), diary, options.most)
  }

  async function lookWhile(owner: Owner, going: () => boolean): Promise<void> {
    for (; going(); await delay(LOOK)) await owner.look()
  }

  /** Nothing befalls the house any more: all that was begun comes to its end, and is all that there is. */
  async function calm(owners: readonly Owner[], viewers: readonly Viewer[]): Promise<void> {
    await balcao.ready(120)
    const libraries = owners.map(({ library }) => library)
    const inside = await Inside.of(balcao)
    try {
      await until(async () => {
        await Promise.all(owners.map((owner) => owner.look()))
        return libraries.every(({ unsettled }) => unsettled.length === 0)
      }, CALM).catch(async () => {
        for (const job of await inside.openJobs()) diary.fault(`does not come to its end: ${job}`)
      })
      for (const [i, library] of libraries.entries()) {
        const whole = library.there.filter(({ last }) => last?.state === 'ready')
        await eachOf(whole, { atOnce: 2 }, async (kept) => {
          await viewers[i]!.playAll(kept).catch((error: unknown) =>
            diary.fault(`${kept.title} (${kept.sent.kind}, ${kept.id}) does not play: ${error}`),
          )
        })
      }
      // As if weeks passed: what lies in the trash goes.
      for (const leak of await inside.leaks(TIDY)) diary.fault(leak)
      for (const library of libraries) for (const kept of library.trash) library.forget(kept)
    } finally {
      await inside.close()
    }
  }

  /** Everything is deleted and weeks pass: nothing of it remains. */
  async function leave(owners: readonly Owner[]): Promise<void> {
    const inside = await Inside.of(balcao)
    try {
      await Promise.all(owners.map((owner) => insist(() => owner.leave())))
      for (const remains of await inside.remains(TIDY)) diary.fault(`of what was erased there remains: ${remains}`)
    } finally {
      await inside.close()
    }
  }
}

import type { Needs } from '../needs.ts'
import { outputPrefix } from '../ports/jobs.ts'
import type { LooseFilm } from '../ports/packed.ts'

const BATCH = 50
/** Seconds in which whoever is just being let in to watch is known of, and a worker that was overtaken writes no more. */
const LAST_WORDS = 60

/** Removes the segments of packed films once nobody can be watching by them any more, and whatever else lies below a film
 *  that is no part of it: what an attempt left there that was killed. */
export class SweepLooseSegments {
  constructor(private readonly need: Pick<Needs, 'packed' | 'media' | 'clock'>) {}

  async run(): Promise<void> {
    const { packed, clock } = this.need
    const before = new Date(clock.now().getTime() - LAST_WORDS * 1000)
    const failures: unknown[] = []
    for (;;) {
      const page = await packed.loose(before, BATCH)
      for (const film of page) await this.#remove(film).catch((error: unknown) => failures.push(error))
      // One that cannot be removed now hides no other, and is tried again by the next sweep.
      if (page.length < BATCH || failures.length > 0) break
    }
    if (failures.length > 0) throw new AggregateError(failures, 'Some loose segments could not be removed.')
  }

  async #remove(film: LooseFilm): Promise<void> {
    const { packed, media } = this.need
    const doomed = new Set<string>()
    for await (const { key } of media.list(outputPrefix(film))) {
      const folder = key.slice(0, key.lastIndexOf('/') + 1)
      const goes = film.keep.some((kept) => kept.startsWith(folder)) ? key : folder
      if (!film.keep.includes(key)) doomed.add(goes)
    }
    // Objects first: after a crash the rows are there to try again.
    for (const each of doomed) await (each.endsWith('/') ? media.deleteBelow(each) : media.delete(each))
    await packed.forgetLoose(film)
  }
}

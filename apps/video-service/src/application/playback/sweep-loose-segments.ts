import type { Needs } from '../needs.ts'
import type { LooseFilm } from '../ports/packed.ts'
import { removeUnnamed } from './remove-unnamed.ts'

const BATCH = 50
/** Seconds in which whoever is just being let in to watch is known of, and a worker that was overtaken writes no more. */
const LAST_WORDS = 60

/** Removes the segments of packed films once nobody can be watching by them any more, and whatever else lies below a film
 *  that is no part of it: what an attempt left there that was killed. */
export class SweepLooseSegments {
  constructor(private readonly need: Pick<Needs, 'packed' | 'films' | 'media' | 'clock'>) {}

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

  /** Rows first: what nothing names any more is what goes. `loose` tells of the film until that is done. */
  async #remove(film: LooseFilm): Promise<void> {
    const { packed } = this.need
    await packed.forgetLoose(film)
    await removeUnnamed(this.need, film)
    await packed.swept(film)
  }
}

import type { Needs } from '../needs.ts'
import type { LeftAttempt } from '../ports/films.ts'
import { outputPrefix } from '../ports/jobs.ts'
import { removeUnnamed } from './remove-unnamed.ts'

const BATCH = 50
/** Seconds in which a worker that was overtaken has heard of it, and writes no more. */
const LAST_WORDS = 30

/** Removes what attempts wrote that are no film any more, once nobody can be watching them. */
export class SweepAttempts {
  constructor(private readonly need: Pick<Needs, 'films' | 'media' | 'clock'>) {}

  async run(): Promise<void> {
    const { films, clock } = this.need
    const now = clock.now()
    const supersededBefore = new Date(now.getTime() - LAST_WORDS * 1000)
    const failures: unknown[] = []
    for (;;) {
      const page = await films.leftovers(supersededBefore, now, BATCH)
      for (const attempt of page) await this.#remove(attempt).catch((error: unknown) => failures.push(error))
      // One that cannot be removed now hides no other, and is tried again by the next sweep.
      if (page.length < BATCH || failures.length > 0) break
    }
    if (failures.length > 0) throw new AggregateError(failures, 'Some attempts could not be removed.')
  }

  async #remove(attempt: LeftAttempt): Promise<void> {
    const { films, media } = this.need
    // Objects first: after a crash the row is there to try again.
    if (attempt.film !== attempt.number) {
      const film = { ...attempt, number: attempt.film }
      await removeUnnamed(this.need, film, attempt.number)
    }
    const prefix = outputPrefix(attempt)
    await media.deleteBelow(prefix)
    await films.forget(attempt, prefix)
  }
}

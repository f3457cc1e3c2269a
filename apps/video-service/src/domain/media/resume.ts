import type { Plan } from './plan.ts'

/** Seconds at which a film that others began goes on. */
export interface Resume {
  /** At which its pictures are made again. */
  readonly from: number
  /** From the key frame that was due last until then. */
  readonly phase: number
}

interface Begun {
  readonly beginSeconds: number
}

/** Where a film goes on of which some segments are there: with the last one that all its pictures have, which is made
 *  once more, so that it shows whether they go together. From its start where frames are repeated, since what is shown
 *  there may have begun before, and in containers that do not tell exactly where a moment lies.
 *  @param whole the segments of a picture, in order */
export function resumeAt(plan: Plan, container: string, whole: (name: string) => readonly Begun[]): Resume {
  const anew = { from: 0, phase: 0 }
  const { picture } = plan
  if (picture?.how !== 'encode' || picture.evenRate !== undefined || !/mp4|matroska/.test(container)) return anew
  const least = picture.rungs
    .map(({ name }) => whole(name))
    .reduce((one, other) => (other.length < one.length ? other : one))
  const [first, last] = [least[0], least.at(-1)]
  if (!first || !last || first === last) return anew
  const since = (last.beginSeconds - first.beginSeconds) % picture.segmentSeconds
  // A hair before the next one is that one.
  const phase = picture.segmentSeconds - since < 0.001 ? 0 : since
  return { from: last.beginSeconds, phase }
}

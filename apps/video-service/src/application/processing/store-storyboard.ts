import { span } from '@balcao/platform'
import { planStoryboard, segmentsShown } from '../../domain/storyboard.ts'
import type { Needs } from '../needs.ts'
import { outputKey } from '../ports/jobs.ts'
import type { LocalRendition } from '../ports/packer.ts'
import type { StoredStoryboard } from '../ports/storyboards.ts'
import type { Making } from './making.ts'

/** Puts the storyboard of a film into the store, made of its smallest picture.
 *  @param renditions all of the film  @returns undefined where it has no picture, or gave none */
export async function storeStoryboard(
  { media }: Pick<Needs, 'media'>,
  { job, film, place, plan }: Making,
  renditions: readonly LocalRendition[],
  signal: AbortSignal,
): Promise<StoredStoryboard | undefined> {
  const rung = plan.picture?.rungs.at(-1)
  const smallest = rung && renditions.find(({ name }) => name === rung.name)
  if (!smallest) return undefined
  const { initPath, segments } = smallest
  const durations = segments.map(({ durationSeconds }) => durationSeconds)
  const board = planStoryboard(
    durations.reduce((sum, duration) => sum + duration, 0),
    rung,
  )
  const shown = segmentsShown(board, durations).map((number) => segments[number]!.path)
  const path = await span('storyboard', {}, () => place.storyboard(plan, board, initPath, shown, signal))
  if (!path) return undefined
  const key = outputKey(job, film, 'storyboard.jpg')
  await media.put(key, { path }, 'image/jpeg')
  return { ...board, key }
}

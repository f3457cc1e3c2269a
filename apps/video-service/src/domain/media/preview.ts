import type { EncodedPicture, EncodedPlan, Plan } from './plan.ts'

/** Seconds of film that a preview shows where the encode follows at once: the less it makes, the sooner that begins. */
const FIRST_LOOK = 4
/** The same where others are encoded before it: enough to see what it is. */
const WHILE_WAITING = 12

/** Seconds of film that a preview shows: whole segments.  @param waits whether others are encoded before it */
export function previewSeconds({ segmentSeconds }: EncodedPicture, waits: boolean): number {
  const wanted = waits ? WHILE_WAITING : FIRST_LOOK
  return segmentSeconds * Math.max(1, Math.floor(wanted / segmentSeconds))
}

/** What is made of a film before all of it is encoded: the smallest of its pictures and the sound, as they will be in the
 *  whole film, so that this goes on with them. */
export function previewOf(plan: EncodedPlan): Plan {
  return { ...plan, picture: { ...plan.picture, rungs: plan.picture.rungs.slice(-1) }, download: 'top' }
}

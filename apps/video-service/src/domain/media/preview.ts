import type { EncodedPicture, Plan } from './plan.ts'

/** Seconds of film that a preview shows, at most. */
export const PREVIEW_SECONDS = 12

/** What is made of a film before all of it is encoded: the smallest of its pictures and the sound, as they will be in the
 *  whole film, so that this goes on with them. */
export function previewOf(plan: Plan & { readonly picture: EncodedPicture }): Plan {
  return { ...plan, picture: { ...plan.picture, rungs: plan.picture.rungs.slice(-1) }, download: 'top' }
}

import { trackTitle } from './track-title.ts'

/** Where a part of a film begins, and what its author calls it. */
export interface Chapter {
  /** Of the film. */
  readonly startSeconds: number
  readonly title: string | undefined
}

export const MOST_CHAPTERS = 500

/** The chapters of a film in order: each begins within it, no two at the same moment, and no more than 500.
 *  @param told as the file tells them, by the film's clock */
export function chaptersOf(
  told: readonly { readonly start: number; readonly title: string | undefined }[],
  durationSeconds: number | undefined,
): Chapter[] {
  const starts = new Map<number, string | undefined>()
  for (const { start, title } of told) {
    if (!Number.isFinite(start) || start > (durationSeconds ?? start)) continue
    const at = Math.max(0, start)
    if (!starts.has(at)) starts.set(at, trackTitle(title))
  }
  return [...starts]
    .sort(([one], [other]) => one - other)
    .slice(0, MOST_CHAPTERS)
    .map(([startSeconds, title]) => ({ startSeconds, title }))
}

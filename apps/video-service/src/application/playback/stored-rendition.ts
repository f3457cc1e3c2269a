import type { Needs } from '../needs.ts'
import type { PublishedRendition } from '../ports/published.ts'

/** A rendition of a film where it lies now: packed, else as the segments that were published.
 *  @returns undefined when that attempt cannot be watched any more */
export async function storedRendition(
  { packed, published }: Pick<Needs, 'packed' | 'published'>,
  videoId: string,
  attempt: number,
  name: string,
): Promise<PublishedRendition | undefined> {
  return (await packed.rendition(videoId, attempt, name)) ?? published.rendition(videoId, attempt, name)
}

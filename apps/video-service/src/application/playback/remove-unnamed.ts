import type { Needs } from '../needs.ts'
import { outputPrefix } from '../ports/jobs.ts'

type FilmPlace = Parameters<typeof outputPrefix>[0] & { readonly videoId: string }

/** Removes what lies below a film in the store and is named by nothing that is known of the video: what an attempt put
 *  there and never recorded, for one.  @param lastAttempt whose files are looked at, with those before it; all where absent */
export async function removeUnnamed(
  { films, media }: Pick<Needs, 'films' | 'media'>,
  film: FilmPlace,
  lastAttempt?: number,
): Promise<void> {
  const prefix = outputPrefix(film)
  const keys: string[] = []
  for await (const { key } of media.list(prefix)) {
    // The release before wrote without a folder for each attempt.
    const attempt = Number.parseInt(key.slice(prefix.length), 10)
    if (lastAttempt === undefined || attempt <= lastAttempt) keys.push(key)
  }
  const unnamed = new Set(await films.unnamed(film.videoId, keys))
  const named = keys.filter((key) => !unnamed.has(key))
  const folders = new Set<string>()
  for (const key of unnamed) {
    const folder = key.slice(0, key.lastIndexOf('/') + 1)
    if (named.some((one) => one.startsWith(folder))) await media.delete(key)
    else folders.add(folder)
  }
  for (const folder of folders) await media.deleteBelow(folder)
}

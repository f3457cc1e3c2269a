import type { Needs } from '../needs.ts'
import type { FilmId } from '../ports/films.ts'
import { type FilmAttempt, outputKey } from '../ports/jobs.ts'

/** Shows a picture of a film from now on.  @returns its key, in the media bucket  @throws Superseded */
export async function publishPoster(
  { media, work, films }: Pick<Needs, 'media' | 'work' | 'films'>,
  job: FilmAttempt,
  film: FilmId,
  path: string,
): Promise<string> {
  const key = outputKey(job, film, 'poster.jpg')
  await media.put(key, { path }, 'image/jpeg')
  await work.fenced(job, () => films.setPoster(job.videoId, key))
  return key
}

import type { Needs } from '../needs.ts'
import { outputKey } from '../ports/jobs.ts'
import type { Making } from './making.ts'

/** Shows a picture of a film from now on.  @returns its key, in the media bucket  @throws Superseded */
export async function publishPoster(
  { media, work, films }: Pick<Needs, 'media' | 'work' | 'films'>,
  { job, film }: Pick<Making, 'job' | 'film'>,
  path: string,
): Promise<string> {
  const key = outputKey(job, film, 'poster.jpg')
  await media.put(key, { path }, 'image/jpeg')
  await work.fenced(job, () => films.setPoster(job.videoId, key))
  return key
}

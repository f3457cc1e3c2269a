import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { span } from '@balcao/platform'
import { choiceInKey, chosenPosterKey, momentIn, pictureForPoster, postersOf } from '../../domain/poster.ts'
import type { Video } from '../../domain/video.ts'
import type { Needs } from '../needs.ts'
import { storedRendition } from '../playback/stored-rendition.ts'
import type { StoredBytes } from '../ports/published.ts'
import type { Workplace } from '../ports/transcoder.ts'
import { unlessErased } from './withhold-video.ts'

/** Makes the store agree with what an owner chose for the poster: a picture of the last choice, and none of another. The
 *  video's row is the truth; a message that comes twice or late does no harm. */
export class MakePoster {
  constructor(
    private readonly need: Pick<
      Needs,
      'videos' | 'posters' | 'published' | 'packed' | 'transcoder' | 'media' | 'tell' | 'transaction'
    >,
  ) {}

  /** @param signal aborts when the worker must hand back  @throws AppError `video/disk_full`, `video/ffmpeg_missing`,
   *  `object/not_found` */
  async run({ owner, videoId }: { owner: string; videoId: string }, signal: AbortSignal): Promise<void> {
    const video = await this.need.videos.get(owner, videoId).catch(unlessErased)
    if (!video) return
    // What lies in the trash is made when it is taken back.
    if (!video.deletedAt) await this.#make(video, signal)
    await this.#tidy(video)
  }

  async #make(video: Video, signal: AbortSignal): Promise<void> {
    const { posters, media, transcoder, tell, transaction } = this.need
    const chosen = await posters.choiceOf(video.id)
    if (!chosen?.pending || chosen.atSeconds === undefined) return
    const { choice, atSeconds } = chosen
    const place = await transcoder.open()
    try {
      const path = await span('poster', { 'video.id': video.id }, () => this.#picture(video, atSeconds, place, signal))
      if (path) {
        const key = chosenPosterKey(video, choice)
        await media.put(key, { path }, 'image/jpeg')
        return await posters.made(video.id, choice, key)
      }
      await transaction(async () => {
        await posters.withdraw(video.id, choice)
        await tell.poster_withdrawn({ videoId: video.id })
      })
    } finally {
      await place.close()
    }
  }

  /** Of the one segment that shows the moment, however long the film is. */
  async #picture(
    { id, playAttempt: attempt }: Video,
    atSeconds: number,
    place: Workplace,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    if (attempt === undefined) return undefined
    const picture = pictureForPoster(await this.need.published.renditions(id, attempt, false))
    const film = picture && (await storedRendition(this.need, id, attempt, picture.name))
    if (!film || film.segments.length === 0) return undefined
    const durations = film.segments.map(({ durationSeconds }) => durationSeconds)
    const { number, intoSeconds } = momentIn(durations, atSeconds)
    const init = await this.#bring(film.init, join(place.dir, 'init.mp4'), signal)
    const segment = await this.#bring(film.segments[number]!, join(place.dir, 'segment.m4s'), signal)
    const { width = 0, height = 0 } = picture
    return place.posterAt({ width, height }, init, segment, intoSeconds, signal)
  }

  async #bring({ key, range }: StoredBytes, path: string, signal: AbortSignal): Promise<string> {
    const bytes = range && { start: range.start, end: range.start + range.size - 1 }
    await pipeline(await this.need.media.get(key, bytes), createWriteStream(path), { signal })
    return path
  }

  /** Removes pictures of earlier choices, also what a worker left that was killed. One of the last choice stays, which
   *  another worker may be about to name. */
  async #tidy(video: Video): Promise<void> {
    const { posters, media } = this.need
    const last = await posters.choiceOf(video.id)
    if (!last) return
    for await (const { key } of media.list(postersOf(video)))
      if (choiceInKey(key) < last.choice && key !== last.shownKey) await media.delete(key)
  }
}

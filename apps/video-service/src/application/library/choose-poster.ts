import { refusals } from '../../domain/refusals.ts'
import type { Video } from '../../domain/video.ts'
import type { Needs } from '../needs.ts'

/** What the poster of a film shows: a moment of it, or what was chosen of itself. */
export class ChoosePoster {
  constructor(private readonly need: Pick<Needs, 'videos' | 'posters' | 'queue' | 'tell' | 'transaction' | 'clock'>) {}

  /** The picture is made soon; until then the one before is shown.  @param atSeconds of the film
   *  @throws AppError `video/not_found`, `video/in_trash`, `poster/not_ready`, `poster/no_picture`, `poster/outside` */
  run({ owner, id, atSeconds }: { owner: string; id: string; atSeconds: number }): Promise<Video> {
    return this.need.transaction(async () => {
      const video = await this.need.videos.lock(owner, id)
      if (video.deletedAt) throw refusals.inTrash()
      if (video.state !== 'ready' || video.durationSeconds === undefined) throw refusals.posterNotReady()
      if (video.width === undefined) throw refusals.posterNoPicture()
      if (atSeconds > video.durationSeconds) throw refusals.posterOutside(video.durationSeconds)
      if (atSeconds === video.posterAtSeconds) return video
      await this.#choose(video, atSeconds)
      await this.need.tell.poster_chosen({ videoId: id })
      return this.need.videos.get(owner, id)
    })
  }

  /** Back to the automatic one, at once. Twice is the same as once.
   *  @throws AppError `video/not_found`, `video/in_trash` */
  back({ owner, id }: { owner: string; id: string }): Promise<Video> {
    return this.need.transaction(async () => {
      const video = await this.need.videos.lock(owner, id)
      if (video.deletedAt) throw refusals.inTrash()
      if (video.posterAtSeconds === undefined) return video
      await this.#choose(video, undefined)
      await this.need.tell.poster_made_automatic({ videoId: id })
      return this.need.videos.get(owner, id)
    })
  }

  async #choose({ id, owner }: Video, atSeconds: number | undefined): Promise<void> {
    const { posters, queue, clock } = this.need
    await posters.choose(id, atSeconds, clock.now())
    await queue.enqueue('make-poster', { videoId: id, owner }, { key: id })
  }
}

import type { Frames } from '../../domain/frames.ts'
import type { Needs } from '../needs.ts'

/** The requests for images of a person's video, newest first. */
export class ListFrames {
  constructor(private readonly need: Pick<Needs, 'videos' | 'frames'>) {}

  /** @throws AppError `video/not_found` */
  async run(input: { owner: string; id: string }): Promise<Frames[]> {
    const { id } = await this.need.videos.get(input.owner, input.id)
    return this.need.frames.list(id)
  }
}

import { sizeOfPart } from '../../domain/part-plan.ts'
import { refusals } from '../../domain/refusals.ts'
import type { Video } from '../../domain/video.ts'
import type { Needs } from '../needs.ts'
import { type CancelUpload, isGone } from './cancel-upload.ts'
import { type OpenUpload, openUpload } from './open-upload.ts'

const PAGE = 1000

/** What of an upload the store already holds, a page of at most 1,000 parts at a time. */
export class ListParts {
  constructor(private readonly need: Pick<Needs, 'videos' | 'temp'> & { cancel: CancelUpload }) {}

  /** @throws AppError `video/not_found`, `upload/completed`, `upload/not_in_parts`, `upload/gone`, `request/invalid` */
  async run(input: { owner: string; id: string; cursor?: string | undefined }) {
    const { videos, temp, cancel } = this.need
    const video = await videos.get(input.owner, input.id)
    const upload = openUpload(video)
    const after = Number(input.cursor ?? 0)
    if (!Number.isInteger(after) || after < 0 || after > 10_000) throw refusals.cursor()
    try {
      const page = await temp.listParts(video.key, upload.uploadId, after)
      return {
        items: page.parts.map(({ partNumber, size }) => ({ partNumber, size })),
        nextCursor: page.next === undefined ? null : String(page.next),
      }
    } catch (error) {
      if (!isGone(error)) throw error
      if (await this.#isJoined(video)) return everyPart(upload, after)
      await cancel.abandon(video)
      throw refusals.uploadGone()
    }
  }

  /** Whether the store has joined the parts already: we died before that was written down. */
  async #isJoined({ key, size }: Video): Promise<boolean> {
    return (await this.need.temp.head(key))?.size === size
  }
}

/** All parts as stored, so that the client goes on to complete what only has to be written down. */
function everyPart({ partSize, partCount, size }: OpenUpload, after: number) {
  const numbers = Array.from({ length: partCount }, (_, index) => index + 1).slice(after, after + PAGE)
  const last = after + numbers.length
  return {
    items: numbers.map((partNumber) => ({ partNumber, size: sizeOfPart(partNumber, size, partSize) })),
    nextCursor: last < partCount ? String(last) : null,
  }
}

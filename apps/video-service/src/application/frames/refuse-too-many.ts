import { type Frames, MAX_KEPT_REQUESTS, MAX_OPEN_REQUESTS } from '../../domain/frames.ts'
import { refusals } from '../../domain/refusals.ts'
import type { FramesRequests } from '../ports/frames.ts'

/** Called once a request waits, in the transaction that made it so: what is too much is taken back with it.
 *  @throws AppError `frames/too_many_waiting`, `frames/too_many_kept` */
export async function refuseTooMany(
  frames: Pick<FramesRequests, 'count'>,
  { owner, videoId }: Pick<Frames, 'owner' | 'videoId'>,
): Promise<void> {
  const { open, kept } = await frames.count(owner, videoId)
  if (open > MAX_OPEN_REQUESTS) throw refusals.tooManyFrames(MAX_OPEN_REQUESTS)
  if (kept > MAX_KEPT_REQUESTS) throw refusals.tooManyFramesKept(MAX_KEPT_REQUESTS)
}

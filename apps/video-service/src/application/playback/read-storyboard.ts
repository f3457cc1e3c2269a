import { refusals } from '../../domain/refusals.ts'
import { storyboardTrack } from '../../domain/storyboard.ts'
import type { Needs } from '../needs.ts'

/** Writes the track of thumbnails that a capability opens, with a signed URL of the sheet. */
export class ReadStoryboard {
  constructor(private readonly need: Pick<Needs, 'published' | 'storyboards' | 'capabilities' | 'media'>) {}

  /** A film without a storyboard has a track without a cue.
   *  @throws AppError `playback/unknown`, `playback/expired`, `playback/superseded` */
  async track(text: string): Promise<string> {
    const { published, storyboards, capabilities, media } = this.need
    const { videoId, attempt, issuedAt, expiresAt } = await capabilities.open(text)
    const renditions = await published.renditions(videoId, attempt, false)
    if (renditions.length === 0) throw refusals.playbackSuperseded()
    const board = await storyboards.of({ videoId, number: attempt })
    if (!board) return 'WEBVTT\n'
    const expiresIn = (expiresAt.getTime() - issuedAt.getTime()) / 1000
    return storyboardTrack(board, media.signGet(board.key, { expiresIn, at: issuedAt }))
  }
}

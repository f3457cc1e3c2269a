import type { Clock } from '@balcao/kernel'
import type { Bucket, JobQueue, Sql, WorkMachine } from '@balcao/platform'
import type { TellVideo } from './events.ts'
import type { PlaybackCapabilities } from './playback/playback-capabilities.ts'
import type { Films } from './ports/films.ts'
import type { FramesJob, FramesRequests } from './ports/frames.ts'
import type { Jobs, ProcessingJob } from './ports/jobs.ts'
import type { OpenUploads } from './ports/open-uploads.ts'
import type { Packed } from './ports/packed.ts'
import type { Packer } from './ports/packer.ts'
import type { Posters } from './ports/posters.ts'
import type { Published } from './ports/published.ts'
import type { queues } from './ports/queues.ts'
import type { SettingsOfPeople } from './ports/settings.ts'
import type { Storyboards } from './ports/storyboards.ts'
import type { Tracks } from './ports/tracks.ts'
import type { Transcoder } from './ports/transcoder.ts'
import type { Trash } from './ports/trash.ts'
import type { Videos } from './ports/videos.ts'
import type { Zip } from './ports/zip.ts'

/** Everything that use cases of the video-service stand on; each names what it takes of it. */
export interface Needs {
  readonly videos: Videos
  readonly openUploads: OpenUploads
  readonly trash: Trash
  readonly published: Published
  readonly packed: Packed
  readonly packer: Packer
  readonly storyboards: Storyboards
  readonly posters: Posters
  /** How processing jobs are worked on; `jobs` holds what is theirs beside that. */
  readonly work: WorkMachine<ProcessingJob>
  readonly jobs: Jobs
  readonly films: Films
  readonly tracks: Tracks
  /** How requests for images are worked on; `frames` holds what is theirs beside that. */
  readonly framesWork: WorkMachine<FramesJob>
  readonly frames: FramesRequests
  readonly settings: SettingsOfPeople
  readonly zip: Zip
  readonly transcoder: Transcoder
  /** Bytes that the store has room for; undefined where nobody knows. */
  readonly room: () => Promise<number | undefined>
  readonly capabilities: PlaybackCapabilities
  /** Where people's uploads arrive. */
  readonly temp: Bucket
  /** Where outputs and archived originals lie. */
  readonly media: Bucket
  readonly queue: Pick<JobQueue<typeof queues>, 'enqueue'>
  readonly tell: TellVideo
  readonly transaction: Sql['transaction']
  readonly clock: Clock
}

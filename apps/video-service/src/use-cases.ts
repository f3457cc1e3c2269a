import type { Platform } from '@balcao/platform'
import { AbortUpload } from './application/abort-upload.ts'
import { AcceptUpload } from './application/accept-upload.ts'
import { CompleteUpload } from './application/complete-upload.ts'
import { DeleteVideo, RestoreVideo } from './application/delete-video.ts'
import { GetDownload } from './application/get-download.ts'
import { GetPlayback } from './application/get-playback.ts'
import { ListParts } from './application/list-parts.ts'
import { PlaybackCapabilities } from './application/playback-capabilities.ts'
import { ReadPlaylist } from './application/read-playlist.ts'
import { RegisterVideo } from './application/register-video.ts'
import { RequestUpload } from './application/request-upload.ts'
import { RetryVideo } from './application/retry-video.ts'
import { SignParts } from './application/sign-parts.ts'
import { StartUpload } from './application/start-upload.ts'
import { SweepJobs } from './application/sweep-jobs.ts'
import { SweepTrash } from './application/sweep-trash.ts'
import { SweepUploads } from './application/sweep-uploads.ts'
import { PgJobs } from './infrastructure/pg-jobs.ts'
import { PgPublished } from './infrastructure/pg-published.ts'
import { PgSweeping } from './infrastructure/pg-sweeping.ts'
import { PgVideos } from './infrastructure/pg-videos.ts'
import { PlatformJournal } from './infrastructure/platform-journal.ts'

/** The use cases of the API, wired. */
export function uploadUseCases(platform: Platform) {
  const { clock, config, jobs, objects, sql } = platform
  const { tempBucket } = config.store
  const videos = new PgVideos(sql)
  const journal = new PlatformJournal(platform)
  const register = new RegisterVideo(videos, clock, journal, tempBucket)
  const accept = new AcceptUpload(videos, sql, jobs, objects, clock, journal)
  const abort = new AbortUpload(videos, objects, journal, tempBucket)
  return {
    request: new RequestUpload(register, objects, tempBucket),
    start: new StartUpload(register, objects, tempBucket),
    listParts: new ListParts(videos, objects, abort, tempBucket),
    signParts: new SignParts(videos, objects, clock, tempBucket),
    accept,
    complete: new CompleteUpload(videos, objects, accept, abort, tempBucket),
    abort,
  }
}

export function libraryUseCases(platform: Platform) {
  const { clock, config, jobs, objects, secrets, sql } = platform
  const { mediaBucket } = config.store
  const videos = new PgVideos(sql)
  const journal = new PlatformJournal(platform)
  const capabilities = new PlaybackCapabilities(secrets, clock)
  return {
    delete: new DeleteVideo(videos, sql, clock, journal),
    restore: new RestoreVideo(videos, sql, jobs, clock, journal),
    retry: new RetryVideo(videos, sql, jobs, clock, journal),
    download: new GetDownload(videos, objects, mediaBucket),
    playback: new GetPlayback(videos, capabilities, clock),
    playlist: new ReadPlaylist(new PgPublished(sql), capabilities, objects, mediaBucket),
  }
}

/** The use cases of the worker beside the jobs themselves. */
export function sweepUseCases(platform: Platform) {
  const { clock, config, jobs, objects, sql } = platform
  const { tempBucket, mediaBucket } = config.store
  const sweeping = new PgSweeping(sql)
  const journal = new PlatformJournal(platform)
  const { accept, abort } = uploadUseCases(platform)
  return {
    jobs: new SweepJobs(sweeping, sql, jobs, clock, journal),
    uploads: new SweepUploads(sweeping, accept, abort, objects, clock, journal, tempBucket),
    trash: new SweepTrash(sweeping, objects, clock, journal, { temp: tempBucket, media: mediaBucket }),
  }
}

export function jobLog(platform: Platform): PgJobs {
  return new PgJobs(platform.sql, platform.jobs, platform.clock, new PlatformJournal(platform))
}

import { join } from 'node:path'
import { flatObjects, type PlatformOf } from '@balcao/platform'
import { AbortUpload } from './application/abort-upload.ts'
import { AcceptUpload } from './application/accept-upload.ts'
import { CompleteUpload } from './application/complete-upload.ts'
import { DeleteVideo, RestoreVideo } from './application/delete-video.ts'
import { GetDownload } from './application/get-download.ts'
import { GetPlayback } from './application/get-playback.ts'
import { ListParts } from './application/list-parts.ts'
import { PlaybackCapabilities } from './application/playback-capabilities.ts'
import { ProcessVideo } from './application/process-video.ts'
import { ReadPlaylist } from './application/read-playlist.ts'
import { RegisterVideo } from './application/register-video.ts'
import { RequestUpload } from './application/request-upload.ts'
import { RetryVideo } from './application/retry-video.ts'
import { SignParts } from './application/sign-parts.ts'
import { StartUpload } from './application/start-upload.ts'
import { SweepJobs } from './application/sweep-jobs.ts'
import { SweepTrash } from './application/sweep-trash.ts'
import { SweepUploads } from './application/sweep-uploads.ts'
import { TidyVideo } from './application/tidy-video.ts'
import { FfmpegTranscoder } from './infrastructure/ffmpeg/ffmpeg-transcoder.ts'
import { PgJobs } from './infrastructure/pg-jobs.ts'
import { PgPublished } from './infrastructure/pg-published.ts'
import { PgSweeping } from './infrastructure/pg-sweeping.ts'
import { PgVideos } from './infrastructure/pg-videos.ts'
import { PlatformJournal } from './infrastructure/platform-journal.ts'
import { VideoStreams } from './interfaces/http/video-streams.ts'
import { VideoView } from './interfaces/http/video-view.ts'

export type VideoUseCases = Awaited<ReturnType<typeof open>>

/** The wiring of the video-service. */
export async function open(
  platform: PlatformOf<'sql' | 'queue' | 'queueStats' | 'scheduler' | 'events' | 'objects' | 'secrets'>,
) {
  const { clock, config, log, queue, queueStats, secrets, sql } = platform
  const objects = flatObjects(platform.objects)
  const { tempBucket, mediaBucket } = config.store
  const videos = new PgVideos(sql)
  const journal = new PlatformJournal(platform)
  const jobs = new PgJobs(sql, queue, clock, journal)
  const sweeping = new PgSweeping(sql)
  const register = new RegisterVideo(videos, clock, journal, tempBucket)
  const accept = new AcceptUpload(videos, sql, queue, objects, clock, journal, tempBucket)
  const abort = new AbortUpload(videos, objects, journal, tempBucket)
  const capabilities = new PlaybackCapabilities(secrets, clock)
  const transcoder = new FfmpegTranscoder({ configured: config.ffmpeg, workDir: join(config.dataDir, 'work'), log })
  const view = new VideoView(objects, clock, mediaBucket)
  return {
    videos,
    view,
    streams: new VideoStreams(videos, sql, clock, view),
    queueStats,
    request: new RequestUpload(register, objects, tempBucket),
    start: new StartUpload(register, objects, tempBucket),
    listParts: new ListParts(videos, objects, abort, tempBucket),
    signParts: new SignParts(videos, objects, clock, tempBucket),
    accept,
    complete: new CompleteUpload(videos, objects, accept, abort, tempBucket),
    abort,
    delete: new DeleteVideo(videos, sql, clock, journal),
    restore: new RestoreVideo(videos, sql, queue, clock, journal),
    retry: new RetryVideo(videos, sql, queue, clock, journal),
    download: new GetDownload(videos, objects, mediaBucket),
    playback: new GetPlayback(videos, capabilities, clock),
    playlist: new ReadPlaylist(new PgPublished(sql), capabilities, objects, mediaBucket),
    process: new ProcessVideo(jobs, objects, transcoder, log, mediaBucket),
    tidy: new TidyVideo(jobs, objects, mediaBucket),
    transcoder,
    sweepJobs: new SweepJobs(sweeping, sql, queue, clock, journal),
    sweepUploads: new SweepUploads(sweeping, accept, abort, objects, clock, journal, tempBucket),
    sweepTrash: new SweepTrash(sweeping, objects, clock, journal, { temp: tempBucket, media: mediaBucket }),
  }
}

import { join } from 'node:path'
import { type PlatformOf, roomForObjects, WorkMachine } from '@balcao/platform'
import { videoEvents } from './application/events.ts'
import { FramesJobs } from './application/frames/frames-jobs.ts'
import { GetFramesDownload } from './application/frames/get-frames-download.ts'
import { ListFrames } from './application/frames/list-frames.ts'
import { MakeFrames } from './application/frames/make-frames.ts'
import { RemoveFrames } from './application/frames/remove-frames.ts'
import { RequestFrames } from './application/frames/request-frames.ts'
import { RetryFrames } from './application/frames/retry-frames.ts'
import { SweepFrames } from './application/frames/sweep-frames.ts'
import { ChoosePoster } from './application/library/choose-poster.ts'
import { DeleteVideo } from './application/library/delete-video.ts'
import { GetDownload } from './application/library/get-download.ts'
import { GetOriginal } from './application/library/get-original.ts'
import { GiveUpOriginal } from './application/library/give-up-original.ts'
import { MakePoster } from './application/library/make-poster.ts'
import { PosterUrls } from './application/library/poster-urls.ts'
import { RestoreVideo } from './application/library/restore-video.ts'
import { RetryVideo } from './application/library/retry-video.ts'
import { SweepTrash } from './application/library/sweep-trash.ts'
import { WithholdVideo } from './application/library/withhold-video.ts'
import type { Needs } from './application/needs.ts'
import { GetPlayback } from './application/playback/get-playback.ts'
import { PlaybackCapabilities } from './application/playback/playback-capabilities.ts'
import { ReadPlaylist } from './application/playback/read-playlist.ts'
import { ReadStoryboard } from './application/playback/read-storyboard.ts'
import { SweepAttempts } from './application/playback/sweep-attempts.ts'
import { SweepLooseSegments } from './application/playback/sweep-loose-segments.ts'
import { FilmJobs } from './application/processing/film-jobs.ts'
import { ProcessVideo } from './application/processing/process-video.ts'
import { SweepJobs } from './application/processing/sweep-jobs.ts'
import { TidyVideo } from './application/processing/tidy-video.ts'
import { ChangeSettings } from './application/settings/change-settings.ts'
import { AcceptUpload } from './application/upload/accept-upload.ts'
import { CancelUpload } from './application/upload/cancel-upload.ts'
import { CompleteUpload } from './application/upload/complete-upload.ts'
import { ListParts } from './application/upload/list-parts.ts'
import { RegisterVideo } from './application/upload/register-video.ts'
import { RequestUpload } from './application/upload/request-upload.ts'
import { SignParts } from './application/upload/sign-parts.ts'
import { StartUpload } from './application/upload/start-upload.ts'
import { SweepStore } from './application/upload/sweep-store.ts'
import { SweepUploads } from './application/upload/sweep-uploads.ts'
import { FfmpegTranscoder } from './infrastructure/ffmpeg/ffmpeg-transcoder.ts'
import { isoPacker } from './infrastructure/packing/iso-packer.ts'
import { PgFilms } from './infrastructure/pg-films.ts'
import { framesTable, PgFrames } from './infrastructure/pg-frames.ts'
import { jobsTable, PgJobs } from './infrastructure/pg-jobs.ts'
import { PgPacked } from './infrastructure/pg-packed.ts'
import { PgPosters } from './infrastructure/pg-posters.ts'
import { PgPublished } from './infrastructure/pg-published.ts'
import { PgSettings } from './infrastructure/pg-settings.ts'
import { PgStoryboards } from './infrastructure/pg-storyboards.ts'
import { PgSweeping } from './infrastructure/pg-sweeping.ts'
import { PgTracks } from './infrastructure/pg-tracks.ts'
import { PgVideos } from './infrastructure/pg-videos.ts'
import { YazlZip } from './infrastructure/yazl-zip.ts'

type VideoPlatform = PlatformOf<'sql' | 'queue' | 'queueStats' | 'scheduler' | 'events' | 'objects' | 'secrets'>
export type VideoUseCases = Awaited<ReturnType<typeof open>>

/** The wiring of the video-service. */
export async function open(platform: VideoPlatform) {
  const need = needsOf(platform)
  await need.capabilities.prepare()
  return useCasesOf(need, platform)
}

/** What the ports mean. */
export function needsOf(platform: VideoPlatform): Needs {
  const { clock, config, log, objects, queue, secrets, sql } = platform
  const temp = objects.bucket(config.store.tempBucket)
  const sweeping = new PgSweeping(sql, temp)
  return {
    videos: new PgVideos(sql, temp),
    openUploads: sweeping,
    trash: sweeping,
    published: new PgPublished(sql),
    packed: new PgPacked(sql),
    packer: isoPacker,
    storyboards: new PgStoryboards(sql),
    posters: new PgPosters(sql),
    work: new WorkMachine(sql, clock, jobsTable),
    jobs: new PgJobs(sql, temp.name),
    films: new PgFilms(sql),
    tracks: new PgTracks(sql),
    framesWork: new WorkMachine(sql, clock, framesTable),
    frames: new PgFrames(sql),
    settings: new PgSettings(sql),
    zip: new YazlZip(),
    transcoder: new FfmpegTranscoder({ configured: config.ffmpeg, workDir: join(config.dataDir, 'work'), log }),
    room: async () => (config.store.kind === 'embedded' ? roomForObjects(config) : undefined),
    capabilities: new PlaybackCapabilities(secrets, clock),
    temp,
    media: objects.bucket(config.store.mediaBucket),
    queue,
    tell: videoEvents.open(platform),
    transaction: (work) => sql.transaction(work),
    clock,
  }
}

export function useCasesOf(need: Needs, { log, queueStats }: Pick<VideoPlatform, 'log' | 'queueStats'>) {
  const register = new RegisterVideo(need)
  const accept = new AcceptUpload(need)
  const cancel = new CancelUpload(need)
  const withholdVideo = new WithholdVideo(need)
  const withhold = (which: { owner: string; videoId: string }) =>
    withholdVideo
      .run(which)
      .catch((error: unknown) => log.warn({ videoId: which.videoId, err: error }, 'URLs will be called back later'))
  return {
    videos: need.videos,
    settings: need.settings,
    changeSettings: new ChangeSettings(need),
    posterUrls: new PosterUrls(need),
    transcoder: need.transcoder,
    queueStats,
    requestUpload: new RequestUpload({ ...need, register }),
    startUpload: new StartUpload({ ...need, register }),
    listParts: new ListParts({ ...need, cancel }),
    signParts: new SignParts(need),
    acceptUpload: accept,
    completeUpload: new CompleteUpload({ ...need, accept, cancel }),
    cancelUpload: cancel,
    sweepUploads: new SweepUploads({ ...need, accept, cancel }),
    sweepStore: new SweepStore(need),
    deleteVideo: new DeleteVideo({ ...need, withhold }),
    restoreVideo: new RestoreVideo({ ...need, withhold }),
    withholdVideo,
    choosePoster: new ChoosePoster(need),
    makePoster: new MakePoster(need),
    retryVideo: new RetryVideo(need),
    getDownload: new GetDownload(need),
    getOriginal: new GetOriginal(need),
    giveUpOriginal: new GiveUpOriginal(need),
    sweepTrash: new SweepTrash(need),
    getPlayback: new GetPlayback(need),
    sweepAttempts: new SweepAttempts(need),
    sweepLooseSegments: new SweepLooseSegments(need),
    readPlaylist: new ReadPlaylist(need),
    readStoryboard: new ReadStoryboard(need),
    processVideo: new ProcessVideo({
      ...need,
      filmJobs: new FilmJobs(need),
      onStumble: ({ id, videoId, number }, error) =>
        log.warn({ jobId: id, videoId, attempt: number, err: error }, 'A job stumbled'),
    }),
    tidyVideo: new TidyVideo({
      ...need,
      onStumble: ({ id, videoId }, error) =>
        log.warn({ jobId: id, videoId, err: error }, 'An upload waits to be put away'),
    }),
    sweepJobs: new SweepJobs(need),
    requestFrames: new RequestFrames(need),
    listFrames: new ListFrames(need),
    getFramesDownload: new GetFramesDownload(need),
    removeFrames: new RemoveFrames(need),
    retryFrames: new RetryFrames(need),
    makeFrames: new MakeFrames({
      ...need,
      framesJobs: new FramesJobs(need),
      onStumble: ({ id, videoId, number }, error) =>
        log.warn({ framesId: id, videoId, attempt: number, err: error }, 'A job for images stumbled'),
    }),
    sweepFrames: new SweepFrames(need),
  }
}

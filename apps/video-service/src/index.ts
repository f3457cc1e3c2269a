import { everyRefusal, framesRoutes, type VideoProblem, videoRoutes, videoSettingsRoutes } from '@balcao/contracts'
import { defineService, type QueueStats } from '@balcao/platform'
import { queueOf, queues } from './application/ports/queues.ts'
import { refusals } from './domain/refusals.ts'
import type { VideoUseCases } from './open.ts'

/** How messages come to a worker that needs ffmpeg. */
const making = {
  part: 'video-processor',
  // The row of a job, or of a video, decides about a retry; a message that fails (a database away) comes again.
  retries: 10,
  retryDelaySeconds: 10,
  ready: (video: VideoUseCases) => video.transcoder.ready(),
} as const

/** Of all lanes together. */
async function messages(queueStats: QueueStats, which: 'waiting' | 'dead'): Promise<number> {
  const counts = await Promise.all(Object.values(queueOf).map((queue) => queueStats.counts(queue)))
  return counts.reduce((sum, each) => sum + each[which], 0)
}

/** Upload, processing and playback of people's own videos (D1, D3): three deployables of one service. */
export const videoService = defineService({
  name: 'video',
  parts: ['video-upload', 'video-download', 'video-processor'],
  connections: 8,
  needs: ['sql', 'queue', 'queueStats', 'scheduler', 'events', 'objects', 'secrets'],
  migrations: () => import('../migrations/*.sql').then((found) => found.default),
  queues,
  refusals: everyRefusal<VideoProblem>()(refusals),
  routes: { ...videoRoutes, ...framesRoutes, ...videoSettingsRoutes },
  open: (platform) => import('./open.ts').then(({ open }) => open(platform)),
  http: {
    'video-upload': () => import('./interfaces/http/controllers.ts').then(({ upload }) => upload),
    'video-download': () => import('./interfaces/http/controllers.ts').then(({ download }) => download),
  },
  work: {
    'process-video': {
      ...making,
      concurrency: 4,
      handle: (video, { jobId }, signal) => video.processVideo.look(jobId, signal),
    },
    'copy-video': {
      ...making,
      concurrency: 2,
      handle: (video, _, signal) => video.processVideo.makeNext('copy', signal),
    },
    'preview-video': {
      ...making,
      concurrency: 2,
      handle: (video, _, signal) => video.processVideo.makeNext('preview', signal),
    },
    'encode-video': {
      ...making,
      // Of two people at a time: one film alone already uses every core.
      concurrency: 2,
      handle: (video, _, signal) => video.processVideo.makeNext('encode', signal),
    },
    'make-frames': {
      ...making,
      concurrency: 1,
      handle: (video, { framesId }, signal) => video.makeFrames.run(framesId, signal),
    },
    'make-poster': {
      ...making,
      // A few frames each: beside the films, never behind them.
      concurrency: 2,
      handle: (video, which, signal) => video.makePoster.run(which, signal),
    },
    'withhold-video': {
      part: 'video-processor',
      concurrency: 2,
      retries: 10,
      retryDelaySeconds: 10,
      handle: (video, which) => video.withholdVideo.run(which),
    },
    'tidy-video': {
      part: 'video-processor',
      concurrency: 2,
      retries: 10,
      retryDelaySeconds: 30,
      handle: (video, { jobId }) => video.tidyVideo.run(jobId),
    },
  },
  schedules: {
    'video-sweep-attempts': { everySeconds: 10, run: (video) => video.sweepAttempts.run() },
    'video-sweep-loose-segments': { everySeconds: 60, run: (video) => video.sweepLooseSegments.run() },
    'video-sweep-frames': { everySeconds: 10, run: (video) => video.sweepFrames.run() },
    'video-sweep-jobs': { everySeconds: 10, run: (video) => video.sweepJobs.run() },
    'video-sweep-uploads': { everySeconds: 60, run: (video) => video.sweepUploads.run() },
    'video-sweep-store': { everySeconds: 86_400, run: (video) => video.sweepStore.run() },
    'video-sweep-trash': { everySeconds: 3600, run: (video) => video.sweepTrash.run() },
  },
  topics: {
    'object-store.object-created': {
      consumer: 'video.accept-upload',
      handle: (video, object) => video.acceptUpload.announced(object),
    },
  },
  // How deep the queue is, told by the API: a worker opens no port (D1-37, D3-28).
  gauges: {
    video_jobs_waiting: {
      part: 'video-upload',
      help: 'Job messages waiting for a worker',
      read: async ({ queueStats }) => messages(queueStats, 'waiting'),
    },
    video_jobs_dead: {
      part: 'video-upload',
      help: 'Job messages given up',
      read: async ({ queueStats }) => messages(queueStats, 'dead'),
    },
  },
})

import { videoRoutes } from '@balcao/contracts'
import { QueryClient } from '@tanstack/react-query'
import { ProblemError } from '../api/call.ts'
import { followFrames } from '../frames/use-frames.ts'
import { FollowVideos } from '../library/follow-videos.ts'
import { LiveStream } from '../live/live-stream.ts'
import { session } from '../session/session.ts'

/** Refusals are answers; only silence and failures of the server are tried again. */
const worthAnotherTry = (failures: number, error: Error) =>
  failures < 2 && (!(error instanceof ProblemError) || error.status === 0 || error.status >= 500)

export const queryClient = new QueryClient({
  defaultOptions: { queries: { retry: worthAnotherTry, staleTime: 10_000 } },
})

/** The live stream, poured into what the pages show. */
export const live = new LiveStream(session, {
  videos: new FollowVideos(queryClient, (id) => session.call(videoRoutes.get, { params: { id } })),
  frames: followFrames(queryClient),
})

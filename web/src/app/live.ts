import { QueryClient } from '@tanstack/react-query'
import { ProblemError } from '../api/call.ts'
import { applyMessage } from '../library/video-cache.ts'
import { LiveVideos } from '../live/live-videos.ts'
import { session } from '../session/session.ts'

/** Refusals are answers; only silence and failures of the server are tried again. */
const worthAnotherTry = (failures: number, error: Error) =>
  failures < 2 && (!(error instanceof ProblemError) || error.status === 0 || error.status >= 500)

export const queryClient = new QueryClient({
  defaultOptions: { queries: { retry: worthAnotherTry, staleTime: 10_000 } },
})

let first = true

/** The live stream, poured into what the pages show. */
export const live = new LiveVideos(session, (message) => {
  applyMessage(queryClient, message, first)
  if (message.event === 'snapshot') first = false
})

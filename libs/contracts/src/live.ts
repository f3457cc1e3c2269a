import { z } from 'zod'
import type { Route } from './route.ts'

/** What a person's page may follow: `videos` by their ids, `frames` by the id of their video. */
export const LIVE_TOPICS = ['videos', 'frames'] as const
export type LiveTopic = (typeof LIVE_TOPICS)[number]

/** SSE on `/events`. `ready` on connect, and whenever changes may have been missed: read again what is shown.
 *  `changed` names a thing; what it has become is read from its own API. */
export const LiveEvents = {
  ready: z.object({}),
  changed: z.object({ topic: z.enum(LIVE_TOPICS), id: z.string() }),
}

export const liveRoutes = {
  events: {
    method: 'GET',
    path: '/events',
    summary: 'Live changes of what is mine (SSE); one stream for all of a browser’s tabs',
    auth: 'bearer',
    answers: { 200: 'text/event-stream' },
  },
} as const satisfies Record<string, Route>

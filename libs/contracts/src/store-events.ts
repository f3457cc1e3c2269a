import { z } from 'zod'
import type { Route } from './route.ts'

export const storeEventsRoutes = {
  notify: {
    method: 'POST',
    path: '/store-events',
    summary:
      "Takes a store's word of new objects: S3's records, SNS's envelope, EventBridge's event. The token is STORE_EVENTS_TOKEN",
    auth: 'none',
    body: z.looseObject({}),
    answers: { 204: null },
  },
} as const satisfies Record<string, Route>

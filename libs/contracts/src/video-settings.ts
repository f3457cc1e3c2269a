import { z } from 'zod'
import type { Route } from './route.ts'

/** How a person's own videos are kept. */
export const VideoSettings = z.strictObject({
  /** Whether what is sent from now on is kept beside what is made of it, where that is not the same. */
  keepOriginals: z.boolean(),
})
export type VideoSettings = z.infer<typeof VideoSettings>

export const videoSettingsRoutes = {
  settings: {
    method: 'GET',
    path: '/videos/settings',
    summary: 'How my videos are kept',
    auth: 'bearer',
    answers: { 200: VideoSettings },
  },
  changeSettings: {
    method: 'PUT',
    path: '/videos/settings',
    summary: 'Keep them otherwise; films that were sent before stay as they are',
    auth: 'bearer',
    body: VideoSettings,
    answers: { 200: VideoSettings },
  },
} as const satisfies Record<string, Route>

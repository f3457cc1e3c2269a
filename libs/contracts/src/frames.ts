import { z } from 'zod'
import type { Route } from './route.ts'
import { JobProblem } from './videos.ts'

/** Images in one ZIP. */
export const MAX_FRAMES = 1000

/** One image every so many seconds, or so many over the whole film. */
export const FramesBody = z.union([
  z.strictObject({ everySeconds: z.number().min(0.1).max(60) }),
  z.strictObject({ count: z.number().int().min(1).max(MAX_FRAMES) }),
])
export type FramesBody = z.infer<typeof FramesBody>

export const FramesState = z.enum(['waiting', 'running', 'done', 'failed', 'cancelled'])
export type FramesState = z.infer<typeof FramesState>

/** A ZIP of images of a video, asked for, in the making, or there. */
export const Frames = z.object({
  id: z.string(),
  videoId: z.string(),
  state: FramesState,
  /** 0 … 100 while it is made. */
  percent: z.number().min(0).max(100),
  /** Seconds until it is there, when that can be told. */
  etaSeconds: z.number().nullable(),
  /** What was asked for, one or the other. */
  everySeconds: z.number().nullable(),
  count: z.number().int().nullable(),
  /** Images in the ZIP, once it is there. */
  images: z.number().int().nullable(),
  /** Bytes of the ZIP. */
  size: z.number().int().nullable(),
  /** Of the ZIP, in hexadecimal. */
  sha256: z.string().nullable(),
  /** Why it failed or waits; the code is the key of the text. */
  problem: JobProblem.nullable(),
  createdAt: z.iso.datetime(),
  /** When the ZIP goes. */
  expiresAt: z.iso.datetime().nullable(),
})
export type Frames = z.infer<typeof Frames>

/** Newest first. */
export const FramesList = z.object({ items: z.array(Frames) })
export type FramesList = z.infer<typeof FramesList>

export const FramesDownload = z.object({ url: z.string(), fileName: z.string(), expiresIn: z.number().int() })
export type FramesDownload = z.infer<typeof FramesDownload>

export const framesRoutes = {
  requestFrames: {
    method: 'POST',
    path: '/videos/{id}/frames',
    summary: 'Ask for a ZIP of images of a video',
    auth: 'bearer',
    body: FramesBody,
    answers: { 202: Frames },
  },
  listFrames: {
    method: 'GET',
    path: '/videos/{id}/frames',
    summary: 'ZIPs of images of a video',
    auth: 'bearer',
    answers: { 200: FramesList },
  },
  downloadFrames: {
    method: 'GET',
    path: '/videos/{id}/frames/{framesId}/download',
    summary: 'Where to download a ZIP of images',
    auth: 'bearer',
    answers: { 200: FramesDownload },
  },
  retryFrames: {
    method: 'POST',
    path: '/videos/{id}/frames/{framesId}/retry',
    summary: 'Make a ZIP again that failed or was cancelled',
    auth: 'bearer',
    answers: { 202: Frames },
  },
  removeFrames: {
    method: 'DELETE',
    path: '/videos/{id}/frames/{framesId}',
    summary: 'Cancel a ZIP that is not there yet, or remove one that is',
    auth: 'bearer',
    answers: { 204: null },
  },
} as const satisfies Record<string, Route>

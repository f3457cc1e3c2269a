import { z } from 'zod'

/** The store's word that an object exists, named as S3 names it. Keys are not URL-encoded here. */
export const ObjectCreated = z.object({
  bucket: z.string(),
  key: z.string(),
  size: z.number().int(),
  etag: z.string(),
})
export type ObjectCreated = z.infer<typeof ObjectCreated>

/** The end of a request for images: their owner is told by mail. */
export const FramesEnded = z.object({
  framesId: z.string(),
  videoId: z.string(),
  /** `sub` of the person. */
  owner: z.string(),
  result: z.enum(['done', 'failed']),
  images: z.number().int().nullable(),
  expiresAt: z.iso.datetime().nullable(),
})
export type FramesEnded = z.infer<typeof FramesEnded>

/** Every topic of the event bus and the shape of what it carries. */
export const topics = {
  'object-store.object-created': ObjectCreated,
  'video.frames-ended': FramesEnded,
} as const
export type Topic = keyof typeof topics

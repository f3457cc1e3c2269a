import { z } from 'zod'

/** The store's word that an object exists, named as S3 names it. Keys are not URL-encoded here. */
export const ObjectCreated = z.object({
  bucket: z.string(),
  key: z.string(),
  size: z.number().int(),
  etag: z.string(),
})
export type ObjectCreated = z.infer<typeof ObjectCreated>

/** Every topic of the event bus and the shape of what it carries. */
export const topics = { 'object-store.object-created': ObjectCreated } as const
export type Topic = keyof typeof topics

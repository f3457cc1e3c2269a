import { eachOf } from '@balcao/kernel'
import type { Bucket, ObjectHeaders, StoredObject, UploadedPart } from './buckets.ts'

const AT_ONCE = 4
const MOST_PARTS = 10_000

/** A part that is about to be sent: `start` and `length` in bytes. */
export interface PartToSend {
  readonly uploadId: string
  readonly number: number
  readonly start: number
  readonly length: number
}

/** Makes an object that is too large for one request. Nothing of it stays when that fails.
 *  @param object `size` and `partSize` in bytes; parts are larger where 10,000 would not do
 *  @param send gives the entity tag of the part */
export async function inParts(
  bucket: Pick<Bucket, 'createUpload' | 'completeUpload' | 'abortUpload'>,
  key: string,
  object: { size: number; contentType: string; headers?: ObjectHeaders; partSize: number },
  send: (part: PartToSend) => Promise<string>,
): Promise<StoredObject> {
  const { size } = object
  const partSize = Math.max(object.partSize, Math.ceil(size / MOST_PARTS))
  const uploadId = await bucket.createUpload(key, { ...object, partSize })
  const numbers = Array.from({ length: Math.ceil(size / partSize) }, (_, i) => i + 1)
  const parts: UploadedPart[] = []
  try {
    await eachOf(numbers, { atOnce: AT_ONCE }, async (number) => {
      const start = (number - 1) * partSize
      const length = Math.min(partSize, size - start)
      parts.push({ partNumber: number, size: length, etag: await send({ uploadId, number, start, length }) })
    })
    const inOrder = parts.sort((a, b) => a.partNumber - b.partNumber)
    return await bucket.completeUpload(key, uploadId, inOrder)
  } catch (error) {
    // No part is on its way any more: a store may keep one that comes later.
    await bucket.abortUpload(key, uploadId).catch(() => {}) // the first error is the one to tell
    throw error
  }
}

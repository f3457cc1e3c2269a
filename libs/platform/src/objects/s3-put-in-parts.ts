import { createReadStream } from 'node:fs'
import { type S3Client, UploadPartCommand } from '@aws-sdk/client-s3'
import type { Bucket, StoredObject, UploadedPart } from './buckets.ts'
import { plain } from './s3-errors.ts'

const AT_ONCE = 4

/** Stores a file that is too large for one request. Nothing of it stays when that fails.
 *  @param file `size` and `partSize` in bytes */
export async function putInParts(
  client: S3Client,
  bucket: Pick<Bucket, 'name' | 'createUpload' | 'completeUpload' | 'abortUpload'>,
  key: string,
  file: { path: string; size: number; contentType: string; partSize: number },
): Promise<StoredObject> {
  const { path, size, contentType, partSize } = file
  const uploadId = await bucket.createUpload(key, { contentType, partSize })
  const waiting = Array.from({ length: Math.ceil(size / partSize) }, (_, i) => i + 1)
  const parts: UploadedPart[] = []
  const sendNext = async () => {
    for (let number = waiting.shift(); number !== undefined; number = waiting.shift()) {
      const start = (number - 1) * partSize
      const length = Math.min(partSize, size - start)
      const answer = await client.send(
        new UploadPartCommand({
          Bucket: bucket.name,
          Key: key,
          UploadId: uploadId,
          PartNumber: number,
          Body: createReadStream(path, { start, end: start + length - 1 }),
          ContentLength: length,
        }),
      )
      parts.push({ partNumber: number, size: length, etag: plain(answer.ETag) })
    }
  }
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, sendNext))
    const inOrder = parts.sort((a, b) => a.partNumber - b.partNumber)
    return await bucket.completeUpload(key, uploadId, inOrder)
  } catch (error) {
    waiting.length = 0
    await bucket.abortUpload(key, uploadId).catch(() => {}) // the first error is the one to tell
    throw error
  }
}

import { createHash } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import type { Bucket } from './buckets.ts'
import { inParts } from './s3-in-parts.ts'

/** Bytes of an object that are in memory at a time, and S3's least size of a part but the last: 5 MiB. */
const PART_SIZE = 8 * 1024 * 1024

type Stretch = { readonly start: number; readonly length: number; readonly sha256: string }

/** An object that is the same in two stores, with the entity tag that each gives it. */
export interface Transferred {
  readonly from: string
  readonly to: string
  /** Bytes. */
  readonly size: number
}

/** Copies an object to the same key of a bucket in another store, through this process, and reads it back from there.
 *  @returns `changed` where the source went or was replaced meanwhile: what is at the target may be either, or a mixture;
 *  `differs` where the target gives back other bytes than it was sent */
export async function transfer(from: Bucket, to: Bucket, key: string): Promise<Transferred | 'changed' | 'differs'> {
  const source = await from.head(key)
  if (!source) return 'changed'
  const { size, contentType } = source
  const stretches: Stretch[] = []
  const read = async (start: number, length: number) => {
    const bytes = await buffer(await from.get(key, length === size ? undefined : { start, end: start + length - 1 }))
    stretches.push({ start, length, sha256: sha256(bytes) })
    return bytes
  }
  try {
    if (size <= PART_SIZE) await to.put(key, await read(0, size), contentType)
    else
      await inParts(
        to,
        key,
        { size, contentType, partSize: PART_SIZE },
        async ({ uploadId, number, start, length }) => {
          const part = await to.putPart(key, uploadId, number, await read(start, length))
          return part.etag
        },
      )
  } catch (error) {
    if ((await from.head(key))?.etag !== source.etag) return 'changed'
    throw error
  }
  const [still, target] = [await from.head(key), await to.head(key)]
  if (still?.etag !== source.etag) return 'changed'
  if (target?.size !== size || !(await holds(to, key, stretches))) return 'differs'
  return { from: source.etag, to: target.etag, size }
}

/** Whether an object has the same bytes in two stores. Reads both. */
export async function sameBytes(from: Bucket, to: Bucket, key: string): Promise<boolean> {
  const [here, there] = await Promise.all([from, to].map(async (bucket) => digest(await bucket.get(key))))
  return here === there
}

async function holds(bucket: Bucket, key: string, stretches: readonly Stretch[]): Promise<boolean> {
  for (const { start, length, sha256 } of stretches) {
    const range = stretches.length === 1 ? undefined : { start, end: start + length - 1 }
    if ((await digest(await bucket.get(key, range))) !== sha256) return false
  }
  return true
}

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

async function digest(body: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of body) hash.update(chunk)
  return hash.digest('hex')
}

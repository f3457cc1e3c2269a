import { createHash } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import { isDeepStrictEqual } from 'node:util'
import type { Bucket, DescribedObject, ListedObject, ObjectHeaders } from './buckets.ts'
import { inParts } from './s3-in-parts.ts'

/** Bytes of an object that are in memory at a time, and S3's least size of a part but the last: 5 MiB. */
const PART_SIZE = 8 * 1024 * 1024

/** They say nothing of the bytes, so a store may guess (RFC 9110 §8.3), as SeaweedFS does by the name of the key. */
const UNKNOWN_TYPES = ['application/octet-stream', 'binary/octet-stream']

type Stretch = { readonly start: number; readonly length: number; readonly sha256: string }

/** An object that is the same in two stores. */
export interface Transferred {
  /** What was copied: see `versionOf`. */
  readonly from: string
  /** The entity tag that the other store gives it. */
  readonly to: string
  /** Bytes. */
  readonly size: number
}

/** What an object has no more once it is replaced, be it by the same bytes under other headers, which leave its entity
 *  tag as it is. Some answers tell the time to the second only. */
export const versionOf = ({ etag, modifiedAt }: Pick<ListedObject, 'etag' | 'modifiedAt'>): string =>
  `${etag} ${Math.floor(modifiedAt.getTime() / 1000)}`

/** Copies an object to the same key of a bucket in another store, through this process, and reads it back from there.
 *  @returns `changed` where the source went or was replaced meanwhile: what is at the target may be either, or a mixture;
 *  `other bytes` or `other headers` where the target does not give back what it was sent */
export async function transfer(
  from: Bucket,
  to: Bucket,
  key: string,
): Promise<Transferred | 'changed' | 'other bytes' | 'other headers'> {
  const source = await from.head(key)
  if (!source) return 'changed'
  const { size } = source
  const stretches: Stretch[] = []
  const read = async (start: number, length: number) => {
    const bytes = await buffer(await from.get(key, length === size ? undefined : { start, end: start + length - 1 }))
    stretches.push({ start, length, sha256: sha256(bytes) })
    return bytes
  }
  const isStill = async () => {
    const now = await from.head(key)
    return now !== undefined && versionOf(now) === versionOf(source)
  }
  try {
    if (size <= PART_SIZE) await to.put(key, await read(0, size), source.contentType, source.headers)
    else
      await inParts(to, key, { ...source, partSize: PART_SIZE }, async ({ uploadId, number, start, length }) => {
        const part = await to.putPart(key, uploadId, number, await read(start, length))
        return part.etag
      })
  } catch (error) {
    if (await isStill()) throw error
    return 'changed'
  }
  if (!(await isStill())) return 'changed'
  const target = await to.head(key)
  if (target?.size !== size || !(await holds(to, key, stretches))) return 'other bytes'
  if (!keepsHeaders(source, target)) return 'other headers'
  return { from: versionOf(source), to: target.etag, size }
}

/** Whether an object has the same headers and bytes in two stores. Reads both. */
export async function isSame(from: Bucket, to: Bucket, key: string): Promise<boolean> {
  const [source, target] = await Promise.all([from.head(key), to.head(key)])
  if (!source || !target || source.size !== target.size || !keepsHeaders(source, target)) return false
  const [here, there] = await Promise.all([from, to].map(async (bucket) => digest(await bucket.get(key))))
  return here === there
}

/** Whether a store says of an object what its source says. It may add to that: ours adds that what can hold a script is
 *  saved and not shown. */
function keepsHeaders(source: DescribedObject, target: DescribedObject): boolean {
  const told = Object.entries(source.headers).filter(([, value]) => value !== undefined)
  const kept = told.every(([name, value]) => isDeepStrictEqual(target.headers[name as keyof ObjectHeaders], value))
  return kept && (target.contentType === source.contentType || UNKNOWN_TYPES.includes(source.contentType))
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

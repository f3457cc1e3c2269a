import { checkKey } from '../domain/names.ts'
import { refusal } from '../domain/refusal.ts'
import type { Store } from '../open.ts'
import type { Call } from './call.ts'

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The object that `x-amz-copy-source` names.
 *  @throws AppError `InvalidArgument`, `NoSuchBucket`, `NotImplemented` for a version of it */
export async function sourceOf(store: Store, call: Call): Promise<{ bucket: string; key: string }> {
  const encoded = call.header('x-amz-copy-source')!
  // One that is encoded is part of a key.
  if (encoded.includes('?')) throw refusal('NotImplemented', 'There are no versions of objects.')
  let source: string
  try {
    // Node reads bytes as Latin-1; those that were sent as they are mean UTF-8.
    source = decodeURIComponent(UTF8.decode(Buffer.from(encoded, 'latin1')))
  } catch {
    throw refusal('InvalidArgument', 'x-amz-copy-source must be URL-encoded.')
  }
  const [, bucket, key] = /^\/?([^/]+)\/([\s\S]+)$/.exec(source) ?? []
  if (!bucket || !key) throw refusal('InvalidArgument', 'x-amz-copy-source must be BUCKET/KEY.')
  await store.buckets.check(bucket)
  checkKey(key)
  return { bucket, key }
}

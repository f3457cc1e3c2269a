import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { newId } from '@balcao/kernel'
import { S3Objects } from '@balcao/platform/adapters'
import { type OpenedObjectStore, objectStoreContract, SMALL_LIMITS, testConfig } from '@balcao/testing'
import { inject } from 'vitest'

/** Two fresh buckets of a store that is not ours. */
async function open(url: string, region: string, keys: { accessKeyId: string; secretAccessKey: string }) {
  const { config, remove } = await testConfig('postgresql://unused/unused')
  const admin = new S3Client({ region, endpoint: url, forcePathStyle: true, credentials: keys })
  const buckets = [`media-${newId()}`, `temp-${newId()}`] as const
  for (const Bucket of buckets) await admin.send(new CreateBucketCommand({ Bucket }))
  const urls = { ...config.urls, objectStore: url }
  const opened: OpenedObjectStore = {
    store: new S3Objects({ ...config, region, urls, store: { ...config.store, endpoint: url, keys } }, SMALL_LIMITS),
    buckets,
    close: async () => {
      admin.destroy()
      await remove()
    },
  }
  return opened
}

// What MiniStack takes signed URLs with.
const testKeys = { accessKeyId: 'test', secretAccessKey: 'test' }

objectStoreContract('S3Objects over MiniStack', () => open(inject('peerS3Url'), 'us-east-1', testKeys), [
  'accepts-small-parts',
  'accepts-parts-out-of-order',
  'accepts-any-expiry',
  'shows-objects-to-anybody',
])

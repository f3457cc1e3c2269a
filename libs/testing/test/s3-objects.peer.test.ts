import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { newId } from '@balcao/kernel'
import { S3Objects } from '@balcao/platform/adapters'
import { type OpenedObjectStore, objectStoreContract, testConfig } from '@balcao/testing'
import { inject } from 'vitest'

// What MiniStack takes signed URLs with.
const keys = { accessKeyId: 'test', secretAccessKey: 'test' }

objectStoreContract('S3Objects over MiniStack', async (): Promise<OpenedObjectStore> => {
  const { config, remove } = await testConfig('postgresql://unused/unused')
  const urls = { ...config.urls, objectStore: inject('peerS3Url') }
  const region = 'us-east-1'
  const admin = new S3Client({ region, endpoint: urls.objectStore, forcePathStyle: true, credentials: keys })
  const buckets = [`media-${newId()}`, `temp-${newId()}`] as const
  for (const Bucket of buckets) await admin.send(new CreateBucketCommand({ Bucket }))
  return {
    store: new S3Objects({ ...config, region, urls, store: { ...config.store, keys } }),
    buckets,
    close: async () => {
      admin.destroy()
      await remove()
    },
  }
}, ['accepts-small-parts', 'accepts-parts-out-of-order', 'accepts-any-expiry', 'shows-objects-to-anybody'])

import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { newId } from '@balcao/kernel'
import { S3Objects } from '@balcao/platform/adapters'
import { type OpenedObjectStore, objectStoreContract, SeaweedFs, SMALL_LIMITS, testConfig } from '@balcao/testing'
import { inject } from 'vitest'

type Keys = { accessKeyId: string; secretAccessKey: string }

/** Two fresh buckets of a store that is not ours. */
async function open(url: string, keys: Keys, createBucket: (name: string) => Promise<unknown>) {
  const { config, remove } = await testConfig('postgresql://unused/unused')
  const buckets = [`media-${newId()}`, `temp-${newId()}`] as const
  for (const name of buckets) await createBucket(name)
  const [urls, store] = [
    { ...config.urls, objectStore: url },
    { ...config.store, endpoint: url, keys },
  ]
  const opened: OpenedObjectStore = {
    store: new S3Objects({ ...config, region: 'us-east-1', urls, store }, SMALL_LIMITS),
    buckets,
    close: remove,
  }
  return opened
}

async function openMiniStack() {
  const url = inject('peerS3Url')
  // What MiniStack takes signed URLs with.
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
  const admin = new S3Client({ region: 'us-east-1', endpoint: url, forcePathStyle: true, credentials })
  const opened = await open(url, credentials, (Bucket) => admin.send(new CreateBucketCommand({ Bucket })))
  admin.destroy()
  return opened
}

async function openSeaweedFs() {
  const weed = await SeaweedFs.start()
  const opened = await open(weed.url, weed.keys, (name) => weed.createBucket(name))
  const close = async () => {
    await opened.close()
    await weed.remove()
  }
  return { ...opened, close }
}

objectStoreContract('S3Objects over MiniStack', openMiniStack, [
  'accepts-small-parts',
  'accepts-parts-out-of-order',
  'accepts-any-expiry',
  'shows-objects-to-anybody',
])
objectStoreContract('S3Objects over SeaweedFS', openSeaweedFs, ['lists-parts-in-one-page'])

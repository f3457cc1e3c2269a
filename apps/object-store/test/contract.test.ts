import { S3Objects } from '@balcao/platform/adapters'
import { type OpenedObjectStore, objectStoreContract, SMALL_LIMITS, startService, testPlatform } from '@balcao/testing'
import { objectStore } from '../src/index.ts'

objectStoreContract('S3Objects over our store', async (): Promise<OpenedObjectStore> => {
  const platform = await testPlatform(objectStore)
  const running = await startService(objectStore, platform)
  const { mediaBucket, tempBucket } = platform.config.store
  return {
    store: new S3Objects(platform.config, SMALL_LIMITS),
    buckets: [mediaBucket, tempBucket],
    close: async () => {
      await running.close()
      await platform.close()
    },
  }
})

import { type OpenedObjectStore, objectStoreContract, startService, testPlatform } from '@balcao/testing'
import { objectStore } from '../src/index.ts'

objectStoreContract('S3Objects over our store', async (): Promise<OpenedObjectStore> => {
  const platform = await testPlatform(objectStore)
  const running = await startService(objectStore, platform)
  const { mediaBucket, tempBucket } = platform.config.store
  return {
    store: platform.objects,
    buckets: [mediaBucket, tempBucket],
    close: async () => {
      await running.close()
      await platform.close()
    },
  }
})

import type { Platform } from '@balcao/platform'
import type { AcceptUpload } from '../../application/accept-upload.ts'

/** The store's word that bytes arrived. Only what lies where uploads go concerns us. */
export async function subscribeObjectCreated(platform: Platform, accept: AcceptUpload): Promise<void> {
  await platform.events.subscribe('object-store.object-created', 'video.accept-upload', async (object) => {
    if (object.bucket === platform.config.store.tempBucket && object.key.startsWith('input/')) await accept.run(object)
  })
}

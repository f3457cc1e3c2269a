import { planParts } from '../../domain/part-plan.ts'
import type { Video } from '../../domain/video.ts'
import type { Needs } from '../needs.ts'
import type { RegisterVideo } from './register-video.ts'

/** Begins an upload in parts: up to 5 TB, resumable for seven days after its last sign of life (D1-03). */
export class StartUpload {
  constructor(private readonly need: Pick<Needs, 'temp'> & { register: RegisterVideo }) {}

  /** @param input.size bytes, 1 … 5e12 */
  run(input: { owner: string; fileName: string; size: number; fingerprint?: string | undefined }): Promise<Video> {
    const { partSize } = planParts(input.size)
    return this.need.register.run(input, async (key) => {
      // The sender's content type would be shown to whoever opens the object: it is never taken from them.
      const options = { contentType: 'application/octet-stream', partSize }
      return { uploadId: await this.need.temp.createUpload(key, options), partSize }
    })
  }
}

import type { Needs } from '../needs.ts'
import type { RegisterVideo } from './register-video.ts'

/** Seconds (D1-23). */
export const UPLOAD_URL_SECONDS = 3600

export interface UploadTicket {
  readonly uploadUrl: string
  readonly videoId: string
  readonly jobId: string
  readonly key: string
  /** Seconds. */
  readonly expiresIn: number
}

/** Registers a video and says where one PUT may send its bytes (D1-22, D1-23). */
export class RequestUpload {
  constructor(private readonly need: Pick<Needs, 'temp'> & { register: RegisterVideo }) {}

  /** @param input.size bytes, when the caller knows them; the URL then takes exactly so many */
  async run(input: { owner: string; fileName: string; size?: number | undefined }): Promise<UploadTicket> {
    const { id, jobId, key, size } = await this.need.register.run(input)
    const expiresIn = UPLOAD_URL_SECONDS
    const uploadUrl = this.need.temp.signPut(key, { expiresIn, ...(size !== undefined && { size }) })
    return { uploadUrl, videoId: id, jobId, key, expiresIn }
  }
}

import type { Video } from '../../domain/video.ts'
import type { Needs } from '../needs.ts'
import { wake } from '../ports/queues.ts'

/** What the store has of an upload, as it says it. */
export interface StoredUpload {
  readonly key: string
  /** Bytes. */
  readonly size: number
  readonly etag: string
}

export type Acceptance =
  | { readonly answer: 'accepted' | 'already'; readonly video: Video }
  | { readonly answer: 'refused' | 'unknown' }

/** The bytes of an upload are in the store. Three paths end here (completion by the API, the store's ObjectCreated,
 *  the sweeper), in any order and any number of times; one job comes of it, in the transaction that moves the video. */
export class AcceptUpload {
  constructor(
    private readonly need: Pick<Needs, 'videos' | 'jobs' | 'temp' | 'queue' | 'tell' | 'transaction' | 'clock'>,
  ) {}

  /** The store's word that bytes arrived. Only what lies where uploads go concerns us. */
  async announced(stored: StoredUpload & { bucket: string }): Promise<void> {
    if (stored.bucket === this.need.temp.name && stored.key.startsWith('input/')) await this.run(stored)
  }

  /** @returns `refused` where the size is not the declared one: the object goes, the upload may be sent again;
   *  `unknown` where no video waits for that key (an upload aborted meanwhile): the object goes too */
  async run({ key, size, etag }: StoredUpload): Promise<Acceptance> {
    const acceptance = await this.need.transaction(() => this.#accept({ key, size, etag: etag.replaceAll('"', '') }))
    if (!('video' in acceptance)) await this.need.temp.delete(key)
    return acceptance
  }

  async #accept(stored: StoredUpload): Promise<Acceptance> {
    const { videos, jobs, queue, tell, clock } = this.need
    const video = await videos.lockByKey(stored.key)
    if (!video) return { answer: 'unknown' }
    if (video.state !== 'uploading') return { answer: 'already', video }
    if (video.size !== undefined && video.size !== stored.size) {
      await tell.upload_refused({ videoId: video.id, declared: video.size, sent: stored.size })
      return { answer: 'refused' }
    }
    const { id, jobId, owner } = video
    await videos.move(id, 'queued')
    await videos.setStored(id, stored, clock.now())
    await jobs.add({ id: jobId, videoId: id, owner, key: stored.key, etag: stored.etag }, clock.now())
    await wake(queue, 'look', jobId)
    await tell.upload_completed({ videoId: id, jobId, size: stored.size })
    return { answer: 'accepted', video: { ...video, state: 'queued', size: stored.size } }
  }
}

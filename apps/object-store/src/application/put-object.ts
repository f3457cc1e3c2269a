import type { Clock } from '@balcao/kernel'
import type { EventBus } from '@balcao/platform'
import { checkWrite, type WriteConditions } from '../domain/conditions.ts'
import { newFileId, type StoredObject } from '../domain/object.ts'
import { refusal } from '../domain/refusal.ts'
import type { Discarding } from './discarding.ts'
import type { FileWriter, FileWriters } from './file-writers.ts'
import type { Files } from './files.ts'
import type { Hashes } from './hashes.ts'
import type { Objects } from './objects.ts'
import { type Body, receive } from './receive.ts'
import { unlessRefused } from './unless-refused.ts'

export interface NewObject {
  readonly bucket: string
  readonly key: string
  readonly contentType: string
  readonly headers: Readonly<Record<string, string>>
}

/** Stores the body of one request as an object. */
export class PutObject {
  /** @param announced the bucket whose new objects are told to the other services, as S3 notifies (D1-17) */
  constructor(
    private readonly need: {
      readonly objects: Objects
      readonly files: Files
      readonly fileWriters: FileWriters
      readonly discarding: Discarding
      readonly hashes: Hashes
      readonly events: EventBus
      readonly clock: Clock
      readonly announced: string
    },
  ) {}

  /** Returns when the object is on disk and visible; one it replaces is visible until then.
   *  @throws AppError `PreconditionFailed`, `NoSuchKey` (If-Match), `InsufficientStorage`, `SlowDown` and what `receive`
   *  throws */
  async run(wanted: NewObject, conditions: WriteConditions, body: Body): Promise<StoredObject> {
    const { objects, files, fileWriters } = this.need
    checkWrite(conditions, await objects.find(wanted.bucket, wanted.key))
    if (body.size > (await files.free())) throw refusal('InsufficientStorage')
    const fileId = newFileId()
    const writer = fileWriters.begin(fileId)
    try {
      const object = await this.#write(fileId, writer, wanted, body)
      await unlessRefused(files, fileId, () => this.#commit(object, conditions))
      await files.settle(fileId)
      return object
    } finally {
      writer.end()
    }
  }

  async #write(fileId: string, { checkpoint }: FileWriter, wanted: NewObject, body: Body): Promise<StoredObject> {
    const handle = await this.need.files.create(fileId)
    try {
      const sync = () => this.need.files.seal(handle)
      const received = await receive(body, { handle, position: 0, checkpoint, sync }, this.need.hashes)
      checkpoint()
      return { ...wanted, ...received, fileId, size: body.size, uploadId: undefined, createdAt: this.need.clock.now() }
    } catch (error) {
      await this.need.files.remove(fileId)
      throw error
    } finally {
      await handle.close()
    }
  }

  #commit(object: StoredObject, conditions: WriteConditions): Promise<void> {
    const { bucket, key, size, etag } = object
    return this.need.discarding.transaction(async (discard) => {
      discard((await saveUnder(this.need.objects, object, conditions))?.fileId)
      if (bucket === this.need.announced)
        await this.need.events.publish('object-store.object-created', object.fileId, { bucket, key, size, etag })
    })
  }
}

/** Saves an object if its conditions hold, in the surrounding transaction. @returns the object it replaces */
export async function saveUnder(
  objects: Objects,
  object: StoredObject,
  conditions: WriteConditions,
): Promise<StoredObject | undefined> {
  for (;;) {
    const old = await objects.lock(object.bucket, object.key)
    checkWrite(conditions, old)
    if (await objects.save(object, old !== undefined)) return old
    // Somebody else added it in this moment: now there is one to lock.
  }
}

import { type Clock, newId } from '@balcao/kernel'
import type { EventBus } from '@balcao/platform'
import { checkWrite, type WriteConditions } from '../domain/conditions.ts'
import { LARGEST_IN_ROW, newFileId, type StoredObject } from '../domain/object.ts'
import { refusal } from '../domain/refusal.ts'
import type { Body } from './body.ts'
import type { BodyReceiver } from './body-receiver.ts'
import { collect } from './collect-body.ts'
import type { Discarding } from './discarding.ts'
import type { FileWriter, FileWriters } from './file-writers.ts'
import type { Files } from './files.ts'
import type { Objects } from './objects.ts'
import { saveUnder } from './save-under.ts'
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
      readonly bodies: BodyReceiver
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
    if (isConditional(conditions)) checkWrite(conditions, await objects.find(wanted.bucket, wanted.key))
    if (body.size <= LARGEST_IN_ROW) return this.#intoRow(wanted, conditions, body)
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

  async #intoRow(wanted: NewObject, conditions: WriteConditions, body: Body): Promise<StoredObject> {
    const { bytes, ...received } = await collect(body)
    const createdAt = this.need.clock.now()
    const object = { ...wanted, ...received, fileId: undefined, size: body.size, uploadId: undefined, createdAt }
    await this.#commit(object, conditions, bytes)
    return object
  }

  async #write(fileId: string, { checkpoint }: FileWriter, wanted: NewObject, body: Body): Promise<StoredObject> {
    const handle = await this.need.files.create(fileId)
    try {
      const sync = () => this.need.files.seal(handle)
      const received = await this.need.bodies.receive(body, { handle, position: 0, checkpoint, sync })
      checkpoint()
      return { ...wanted, ...received, fileId, size: body.size, uploadId: undefined, createdAt: this.need.clock.now() }
    } catch (error) {
      await this.need.files.remove(fileId)
      throw error
    } finally {
      await handle.close()
    }
  }

  async #commit(object: StoredObject, conditions: WriteConditions, bytes?: Buffer): Promise<void> {
    const { objects, discarding, events, announced } = this.need
    const { bucket, key, size, etag } = object
    // Nothing there before, as nearly always: one statement, which is a transaction by itself.
    const alone = conditions.ifMatch === undefined && bucket !== announced
    if (alone && (await objects.save(object, false, bytes))) return
    await discarding.transaction(async (discard) => {
      discard((await saveUnder(objects, object, conditions, bytes))?.fileId)
      if (bucket === announced)
        await events.publish('object-store.object-created', newId(), { bucket, key, size, etag })
    })
  }
}

const isConditional = ({ ifMatch, ifNoneMatch }: WriteConditions) => ifMatch !== undefined || ifNoneMatch !== undefined

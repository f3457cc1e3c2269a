import { type Clock, newId } from '@balcao/kernel'
import type { EventBus } from '@balcao/platform'
import { checkWrite, type WriteConditions } from '../../domain/conditions.ts'
import { LARGEST_IN_ROW, newFileId, type StoredObject } from '../../domain/object.ts'
import { refusal } from '../../domain/refusal.ts'
import type { Body } from '../bodies/body.ts'
import type { BodyReceiver } from '../bodies/body-receiver.ts'
import { collect } from '../bodies/collect-body.ts'
import type { Files } from '../ports/files.ts'
import type { Objects } from '../ports/objects.ts'
import { commitOrRemove } from '../sweep/commit-or-remove.ts'
import type { Discarding } from '../sweep/discarding.ts'
import type { WriteIntent, WriteIntents } from '../sweep/write-intents.ts'
import { saveIf } from './save-if.ts'

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
      readonly writeIntents: WriteIntents
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
    const { objects, files, writeIntents } = this.need
    if (isConditional(conditions)) checkWrite(conditions, await objects.find(wanted.bucket, wanted.key))
    if (body.size <= LARGEST_IN_ROW) return this.#intoRow(wanted, conditions, body)
    if (body.size > (await files.free())) throw refusal('InsufficientStorage')
    const fileId = newFileId()
    const intent = writeIntents.begin(fileId)
    try {
      const object = await this.#write(fileId, intent, wanted, body)
      await commitOrRemove(files, fileId, () => this.#commit(object, conditions))
      await files.publish(fileId)
      return object
    } finally {
      intent.end()
    }
  }

  async #intoRow(wanted: NewObject, conditions: WriteConditions, body: Body): Promise<StoredObject> {
    const { bytes, ...received } = await collect(body)
    const createdAt = this.need.clock.now()
    const object = { ...wanted, ...received, fileId: undefined, size: body.size, uploadId: undefined, createdAt }
    await this.#commit(object, conditions, bytes)
    return object
  }

  async #write(fileId: string, { checkpoint }: WriteIntent, wanted: NewObject, body: Body): Promise<StoredObject> {
    const file = await this.need.files.create(fileId)
    try {
      const received = await this.need.bodies.receive(body, { file, position: 0, checkpoint, sync: () => file.seal() })
      checkpoint()
      return { ...wanted, ...received, fileId, size: body.size, uploadId: undefined, createdAt: this.need.clock.now() }
    } catch (error) {
      await this.need.files.remove(fileId)
      throw error
    } finally {
      await file.close()
    }
  }

  async #commit(object: StoredObject, conditions: WriteConditions, bytes?: Buffer): Promise<void> {
    const { objects, discarding, events, announced } = this.need
    const { bucket, key, size, etag } = object
    // Nothing there before, as nearly always: one statement, which is a transaction by itself.
    const alone = conditions.ifMatch === undefined && bucket !== announced
    if (alone && (await objects.save(object, false, bytes))) return
    await discarding.transaction(async (discard) => {
      discard((await saveIf(objects, object, conditions, bytes))?.fileId)
      if (bucket === announced)
        await events.publish('object-store.object-created', newId(), { bucket, key, size, etag })
    })
  }
}

const isConditional = ({ ifMatch, ifNothing }: WriteConditions) => ifNothing || ifMatch !== undefined

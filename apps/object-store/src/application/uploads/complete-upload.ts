import { setTimeout as delay } from 'node:timers/promises'
import { type Clock, Turns } from '@balcao/kernel'
import { chooseParts, liesInPlace, multipartEtag, type NamedPart, piecesOf } from '../../domain/assembly.ts'
import type { Checksums } from '../../domain/checksums.ts'
import { checkWrite, type WriteConditions } from '../../domain/conditions.ts'
import { checkExpected, type Expected } from '../../domain/expected.ts'
import { MOST_PARTS, newFileId, type Part, type StoredObject, type Upload } from '../../domain/object.ts'
import { refusal } from '../../domain/refusal.ts'
import { checksumOfParts } from '../checksums/checksum-of-parts.ts'
import { saveIf } from '../objects/save-if.ts'
import { FileGone, type Files } from '../ports/files.ts'
import type { Objects } from '../ports/objects.ts'
import type { Uploads } from '../ports/uploads.ts'
import { commitOrRemove } from '../sweep/commit-or-remove.ts'
import type { Discarding } from '../sweep/discarding.ts'
import type { WriteIntents } from '../sweep/write-intents.ts'
import type { PartLeases } from './part-leases.ts'

const ASK_AGAIN_MS = 250
const PATIENCE_MS = 15_000

interface Target {
  readonly bucket: string
  readonly key: string
  readonly uploadId: string
}

/** What whoever completes an upload expects of the object, and of the one it replaces. */
export interface ExpectedObject extends Expected {
  readonly conditions: WriteConditions
}

/** Makes an object of the parts that were sent. Until the commit that makes it so nothing of the upload changes but the
 *  mode of its file: whatever stops it, the same completion or another one may come again. */
export class CompleteUpload {
  readonly #joining = new Turns()

  constructor(
    private readonly need: {
      readonly objects: Objects
      readonly uploads: Uploads
      readonly files: Files
      readonly writeIntents: WriteIntents
      readonly partLeases: PartLeases
      readonly discarding: Discarding
      readonly clock: Clock
    },
  ) {}

  /** Returns when the object is on disk and visible. Completing again answers the same, while the object is there.
   *  @param named ascending  @param onLong called when bytes must be copied, which takes as long as they are many
   *  @throws AppError `NoSuchUpload`, `InvalidPart`, `InvalidPartOrder`, `EntityTooSmall`, `EntityTooLarge`,
   *  `PreconditionFailed`, `NoSuchKey` (If-Match), `BadDigest`, `InvalidRequest`, `InsufficientStorage`, `SlowDown` while
   *  another process still writes a part */
  async run(
    target: Target,
    named: readonly NamedPart[],
    expected: ExpectedObject,
    onLong: () => void,
  ): Promise<StoredObject> {
    const { objects, uploads } = this.need
    const upload = await uploads.find(target.bucket, target.key, target.uploadId)
    if (!upload) return this.#completedBefore(target, named, expected)
    try {
      checkWrite(expected.conditions, await objects.find(target.bucket, target.key))
      const parts = chooseParts(named, await this.#partsOf(upload))
      const object = liesInPlace(upload, parts) ? await this.#takeAsItLies(upload, named, expected) : undefined
      if (object) return object
      if (sizeOf(parts) > (await this.need.files.free())) throw refusal('InsufficientStorage')
      // A sign of life: copying takes as long as it takes, and no sweep may take the parts meanwhile.
      if (!(await uploads.touch(upload.id, this.need.clock.now()))) throw refusal('NoSuchUpload')
      onLong()
      // Asked for many times at once, it is copied once: the others find the object.
      return await this.#joining.take(upload.id, async () => {
        if (!(await uploads.find(target.bucket, target.key, upload.id)))
          return this.#completedBefore(target, named, expected)
        return this.#joinApart(upload, parts, named, expected)
      })
    } catch (error) {
      // Somebody else completed it meanwhile: what we read of it is gone, and the object is there.
      if (await uploads.find(target.bucket, target.key, target.uploadId))
        throw error instanceof FileGone ? replaced() : error
      return this.#completedBefore(target, named, expected)
    }
  }

  async #completedBefore(target: Target, named: readonly NamedPart[], expected: ExpectedObject): Promise<StoredObject> {
    const object = await this.need.objects.find(target.bucket, target.key)
    if (object?.uploadId !== target.uploadId || object.etag !== multipartEtag(named)) throw refusal('NoSuchUpload')
    checkExpected(expected, object.checksums, object.size)
    return object
  }

  async #partsOf(upload: Upload): Promise<ReadonlyMap<number, Part>> {
    const parts = await this.need.uploads.parts(upload.id, 0, MOST_PARTS)
    return new Map(parts.map((part) => [part.number, part]))
  }

  /** Without a copy, where the upload's file holds the named parts and nothing else.
   *  @returns undefined where it does not */
  async #takeAsItLies(
    upload: Upload,
    named: readonly NamedPart[],
    expected: ExpectedObject,
  ): Promise<StoredObject | undefined> {
    const { uploads, files, partLeases, clock } = this.need
    for (let waited = 0; waited <= PATIENCE_MS; waited += ASK_AGAIN_MS) {
      // Nobody may hold the file open for writing once it is an object, not for a part that is not named either.
      await partLeases.stop(upload.id)
      const outcome = await this.#commit(upload, named, expected, async (parts) => {
        if (await uploads.isBeingWritten(upload.id, clock.now())) return 'busy'
        if (!liesInPlace(upload, parts) || (await files.sizeOf(upload.fileId!)) !== sizeOf(parts)) return 'not_in_place'
        const file = await files.reopen(upload.fileId!)
        try {
          await file.seal()
        } finally {
          await file.close()
        }
        return { fileId: upload.fileId! }
      })
      if (outcome === 'not_in_place') return undefined
      if (outcome !== 'busy') return outcome
      await delay(ASK_AGAIN_MS)
    }
    throw refusal('SlowDown')
  }

  async #joinApart(
    upload: Upload,
    parts: readonly Part[],
    named: readonly NamedPart[],
    expected: ExpectedObject,
  ): Promise<StoredObject> {
    const { files, writeIntents } = this.need
    const fileId = newFileId()
    const { checkpoint, end } = writeIntents.begin(fileId)
    try {
      await files.join(piecesOf(upload, parts), fileId)
      const object = await commitOrRemove(files, fileId, () => {
        checkpoint()
        return this.#commit<never>(upload, named, expected, async (now) => {
          if (!now.every((part, i) => part.claim === parts[i]!.claim)) throw replaced()
          return { fileId }
        })
      })
      if (object.fileId !== fileId) await files.remove(fileId)
      return object
    } finally {
      end()
    }
  }

  /** The upload's rows become the object's, in one transaction.
   *  @param assemble gives the file that holds these parts, or why there is none yet */
  async #commit<Why extends string = never>(
    upload: Upload,
    named: readonly NamedPart[],
    expected: ExpectedObject,
    assemble: (parts: readonly Part[]) => Promise<{ fileId: string } | Why>,
  ): Promise<StoredObject | Why> {
    const { objects, uploads, files, discarding, clock } = this.need
    const { bucket, key, id } = upload
    const outcome = await discarding.transaction(async (discard): Promise<StoredObject | Why> => {
      if (!(await uploads.lock(bucket, key, id)))
        return this.#completedBefore({ bucket, key, uploadId: id }, named, expected)
      checkWrite(expected.conditions, await objects.lock(bucket, key))
      const parts = chooseParts(named, await this.#partsOf(upload))
      const checksums = checksumsOf(upload, parts)
      checkExpected(expected, checksums, sizeOf(parts))
      const assembled = await assemble(parts)
      if (typeof assembled === 'string') return assembled
      const { fileId } = assembled
      discard(...(await uploads.remove(id)).filter((file) => file !== fileId))
      const object: StoredObject = {
        bucket,
        key,
        fileId,
        size: sizeOf(parts),
        etag: multipartEtag(parts),
        contentType: upload.contentType,
        headers: upload.headers,
        checksums,
        uploadId: id,
        createdAt: clock.now(),
      }
      discard((await saveIf(objects, object, expected.conditions))?.fileId)
      return object
    })
    if (typeof outcome !== 'string') await files.publish(outcome.fileId!)
    return outcome
  }
}

function checksumsOf({ checksum }: Upload, parts: readonly Part[]): Checksums {
  return checksum ? { [checksum.algorithm]: checksumOfParts(checksum, parts) } : {}
}

const replaced = () => refusal('OperationAborted', 'A part was sent again while the upload was completed.')

const sizeOf = (parts: readonly Part[]) => parts.reduce((sum, { size }) => sum + size, 0)

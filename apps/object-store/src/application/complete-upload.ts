import type { FileHandle } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import type { Clock } from '@balcao/kernel'
import type { Sql } from '@balcao/platform'
import { chooseParts, liesInPlace, multipartEtag, type NamedPart } from '../domain/assembly.ts'
import type { WriteConditions } from '../domain/conditions.ts'
import { MiB, MOST_PARTS, newFileId, type Part, type StoredObject, type Upload } from '../domain/object.ts'
import { refusal } from '../domain/refusal.ts'
import type { Files } from './files.ts'
import type { Objects } from './objects.ts'
import type { PartWriters } from './part-writers.ts'
import { saveUnder } from './put-object.ts'
import type { Uploads } from './uploads.ts'

const ASK_AGAIN_MS = 250
const PATIENCE_MS = 15_000
const COPY_BUFFER = 4 * MiB

interface Target {
  readonly bucket: string
  readonly key: string
  readonly uploadId: string
}

/** Makes an object of the parts that were sent. */
export class CompleteUpload {
  constructor(
    private readonly need: {
      readonly sql: Sql
      readonly objects: Objects
      readonly uploads: Uploads
      readonly files: Files
      readonly writers: PartWriters
      readonly clock: Clock
    },
  ) {}

  /** Returns when the object is on disk and visible. Completing again answers the same, while the object is there.
   *  @param named ascending  @param onLong called when bytes must be copied, which takes as long as they are many
   *  @throws AppError `NoSuchUpload`, `InvalidPart`, `InvalidPartOrder`, `EntityTooSmall`, `PreconditionFailed`,
   *  `SlowDown` while another process still writes a part */
  async run(
    target: Target,
    named: readonly NamedPart[],
    conditions: WriteConditions,
    onLong: () => void,
  ): Promise<StoredObject> {
    const upload = await this.need.uploads.find(target.bucket, target.key, target.uploadId)
    if (!upload) return this.#completedBefore(target, named)
    const parts = chooseParts(named, await this.#partsOf(upload))
    if (liesInPlace(upload, parts)) return this.#sealInPlace(upload, named, conditions)
    onLong()
    return this.#joinApart(upload, parts, named, conditions)
  }

  async #completedBefore(target: Target, named: readonly NamedPart[]): Promise<StoredObject> {
    const object = await this.need.objects.find(target.bucket, target.key)
    if (object?.uploadId !== target.uploadId || object.etag !== multipartEtag(named)) throw refusal('NoSuchUpload')
    return object
  }

  async #partsOf(upload: Upload): Promise<ReadonlyMap<number, Part>> {
    const parts = await this.need.uploads.parts(upload.id, 0, MOST_PARTS)
    return new Map(parts.map((part) => [part.number, part]))
  }

  async #sealInPlace(upload: Upload, named: readonly NamedPart[], conditions: WriteConditions): Promise<StoredObject> {
    for (let waited = 0; waited <= PATIENCE_MS; waited += ASK_AGAIN_MS) {
      // Nobody may hold the file open for writing once it is an object, not for a part that is not named either.
      await this.need.writers.stop(upload.id)
      const object = await this.#commit(upload, named, conditions, async (parts) => {
        if (await this.need.uploads.isBusy(upload.id, this.need.clock.now())) return undefined
        await this.need.files.sealParts(upload.fileId!, sizeOf(parts))
        return upload.fileId
      })
      if (object) return object
      await delay(ASK_AGAIN_MS)
    }
    throw refusal('SlowDown')
  }

  async #joinApart(
    upload: Upload,
    parts: readonly Part[],
    named: readonly NamedPart[],
    conditions: WriteConditions,
  ): Promise<StoredObject> {
    const fileId = newFileId()
    try {
      await this.#concatenate(upload, parts, fileId)
    } catch (error) {
      await this.need.files.remove(fileId)
      throw error
    }
    const object = await this.#commit(upload, named, conditions, async (now) =>
      now.every((part, i) => part.claim === parts[i]!.claim) ? fileId : undefined,
    )
    if (!object) throw refusal('OperationAborted', 'A part was sent again while the upload was completed.')
    return object
  }

  /** The upload's rows become the object's, in one transaction. @param assemble the file, or undefined to do nothing */
  async #commit(
    upload: Upload,
    named: readonly NamedPart[],
    conditions: WriteConditions,
    assemble: (parts: readonly Part[]) => Promise<string | undefined>,
  ): Promise<StoredObject | undefined> {
    const done = await this.need.sql.transaction(async () => {
      const { bucket, key, id } = upload
      if (!(await this.need.uploads.lock(bucket, key, id)))
        return { object: await this.#completedBefore({ bucket, key, uploadId: id }, named), orphaned: [] }
      const parts = chooseParts(named, await this.#partsOf(upload))
      const fileId = await assemble(parts)
      if (!fileId) return { object: undefined, orphaned: [] }
      const orphaned: (string | undefined)[] = await this.need.uploads.remove(id)
      const object: StoredObject = {
        bucket,
        key,
        fileId,
        size: sizeOf(parts),
        etag: multipartEtag(parts),
        contentType: upload.contentType,
        headers: upload.headers,
        checksums: {},
        uploadId: id,
        createdAt: this.need.clock.now(),
      }
      const old = await saveUnder(this.need.objects, object, conditions)
      return { object, orphaned: [...orphaned, old?.fileId].filter((file) => file !== fileId) }
    })
    await this.need.files.remove(...done.orphaned)
    return done.object
  }

  async #concatenate(upload: Upload, parts: readonly Part[], fileId: string): Promise<void> {
    const target = await this.need.files.create(fileId)
    try {
      const buffer = Buffer.allocUnsafe(COPY_BUFFER)
      let at = 0
      for (const part of parts) {
        const source = await this.need.files.open(part.fileId ?? upload.fileId!)
        try {
          await copyRange(source, part.fileId ? 0 : (part.number - 1) * upload.partSize!, part.size, target, at, buffer)
        } finally {
          await source.close()
        }
        at += part.size
      }
      await this.need.files.seal(fileId, target)
    } finally {
      await target.close()
    }
  }
}

const sizeOf = (parts: readonly Part[]) => parts.reduce((sum, { size }) => sum + size, 0)

async function copyRange(from: FileHandle, start: number, size: number, to: FileHandle, at: number, buffer: Buffer) {
  for (let done = 0; done < size; ) {
    const { bytesRead } = await from.read(buffer, 0, Math.min(buffer.length, size - done), start + done)
    if (bytesRead === 0) throw new Error('A part is shorter on disk than its row says.')
    for (let written = 0; written < bytesRead; ) {
      written += (await to.write(buffer, written, bytesRead - written, at + done + written)).bytesWritten
    }
    done += bytesRead
  }
}

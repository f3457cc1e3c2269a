import { type Clock, randomToken } from '@balcao/kernel'
import { LARGEST_OBJECT, MOST_PARTS, newFileId, type Part, type Upload } from '../../domain/object.ts'
import { refusal } from '../../domain/refusal.ts'
import type { Body } from '../bodies/body.ts'
import type { BodyReceiver, Place } from '../bodies/body-receiver.ts'
import { FileGone, type Files } from '../ports/files.ts'
import type { Uploads } from '../ports/uploads.ts'
import { commitOrRemove } from '../sweep/commit-or-remove.ts'
import type { Discarding } from '../sweep/discarding.ts'
import type { WriteIntents } from '../sweep/write-intents.ts'
import type { PartLeases } from './part-leases.ts'

export interface PartTarget {
  readonly bucket: string
  readonly key: string
  readonly uploadId: string
  readonly number: number
}

/** Stores one part. The first to come is written to its place in the upload's file, where there is one; others are
 *  written apart and take its place when they are whole, so that nothing which was acknowledged is ever written over
 *  and nobody's sender is cut off. */
export class UploadPart {
  constructor(
    private readonly need: {
      readonly uploads: Uploads
      readonly files: Files
      readonly writeIntents: WriteIntents
      readonly partLeases: PartLeases
      readonly discarding: Discarding
      readonly bodies: BodyReceiver
      readonly clock: Clock
    },
  ) {}

  /** Returns when the part is on disk.
   *  @throws AppError `NoSuchUpload`, `InvalidArgument`, `OperationAborted`, `SlowDown`, `InsufficientStorage` and
   *  what `receive` throws */
  async run(target: PartTarget, body: Body): Promise<Part> {
    const { uploads, files, partLeases } = this.need
    const { bucket, key, uploadId, number } = target
    if (!(Number.isInteger(number) && number >= 1 && number <= MOST_PARTS))
      throw refusal('InvalidArgument', `Part number must be an integer between 1 and ${MOST_PARTS}, inclusive`)
    const upload = await uploads.find(bucket, key, uploadId)
    if (!upload) throw refusal('NoSuchUpload')
    checkAlgorithm(upload, body)
    if (body.size > (await files.free())) throw refusal('InsufficientStorage')
    const lease = hasPlace(upload, number, body.size)
      ? await partLeases.take(uploadId, number, () => body.cancel())
      : undefined
    if (!lease) return this.#apart(upload, number, body)
    try {
      const part = await this.#inPlace(upload, number, lease, body)
      return await this.#save(upload.id, part, () => uploads.fillPlace(lease.claim))
    } catch (error) {
      await uploads.releasePlace(lease.claim)
      // The upload has ended since it was looked at, and its file with it.
      throw error instanceof FileGone ? refusal('NoSuchUpload') : error
    } finally {
      lease.end()
    }
  }

  async #inPlace(
    upload: Upload,
    number: number,
    { claim, checkpoint }: { claim: string; checkpoint(): void },
    body: Body,
  ): Promise<Part> {
    const file = await this.need.files.reopen(upload.fileId!)
    const position = (number - 1) * upload.partSize!
    const place = { file, position, checkpoint, sync: () => file.sync() }
    return this.#receive(place, upload, body, { number, claim, fileId: undefined })
  }

  async #apart(upload: Upload, number: number, body: Body): Promise<Part> {
    const { files, writeIntents } = this.need
    const fileId = newFileId()
    const { checkpoint, end } = writeIntents.begin(fileId)
    try {
      const part = await this.#writeApart(upload, number, fileId, checkpoint, body)
      return await commitOrRemove(files, fileId, () => this.#save(upload.id, part))
    } finally {
      end()
    }
  }

  async #writeApart(upload: Upload, number: number, fileId: string, checkpoint: () => void, body: Body): Promise<Part> {
    const { files } = this.need
    try {
      const file = await files.create(fileId)
      const place = { file, position: 0, checkpoint, sync: () => file.seal() }
      const part = await this.#receive(place, upload, body, { number, claim: randomToken(12), fileId })
      checkpoint()
      return part
    } catch (error) {
      await files.remove(fileId)
      throw error
    }
  }

  async #receive(
    place: Place,
    upload: Upload,
    body: Body,
    part: Pick<Part, 'number' | 'claim' | 'fileId'>,
  ): Promise<Part> {
    try {
      const received = await this.need.bodies.receive(body, place, upload.checksum?.algorithm)
      return { ...part, ...received, size: body.size, createdAt: this.need.clock.now() }
    } finally {
      await place.file.close()
    }
  }

  /** @param held whether what was written may still be told of  @returns the part that is there from now on */
  #save(uploadId: string, part: Part, held?: () => Promise<boolean>): Promise<Part> {
    const { uploads, discarding } = this.need
    return discarding.transaction(async (discard) => {
      const there = await uploads.lockPart(uploadId, part.number)
      if (!there) throw refusal('NoSuchUpload')
      if (held && !(await held())) throw refusal('OperationAborted')
      const old = there.part
      // The same bytes once more, as after a lost answer: those that lie in their place stay there.
      const stays = old !== undefined && part.fileId !== undefined && isSame(old, part)
      const kept = stays ? { ...part, fileId: old.fileId, checksums: { ...old.checksums, ...part.checksums } } : part
      await uploads.savePart(uploadId, kept)
      discard(stays ? part.fileId : old?.fileId)
      return kept
    })
  }
}

/** Whether the upload's file has room for a part. Behind the end of the largest object there is none: no part there can be
 *  of an object as it lies, and file systems end too (ext4 at 16 TiB). */
const hasPlace = ({ partSize }: Upload, number: number, size: number): boolean =>
  partSize !== undefined && size <= partSize && (number - 1) * partSize + size <= LARGEST_OBJECT

/** @throws AppError `InvalidRequest` for a checksum of another algorithm than the upload's */
function checkAlgorithm({ checksum }: Upload, body: Body): void {
  const [expected, actual] = [checksum, body.checksum].map((of) => of?.algorithm.toLowerCase())
  if (expected && actual && expected !== actual)
    throw refusal(
      'InvalidRequest',
      `Checksum Type mismatch occurred, expected checksum Type: ${expected}, actual checksum Type: ${actual}`,
    )
}

const isSame = (one: Part, other: Part) => one.etag === other.etag && one.size === other.size

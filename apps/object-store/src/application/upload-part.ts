import { type Clock, randomToken } from '@balcao/kernel'
import { LARGEST_OBJECT, MOST_PARTS, newFileId, type Part, type Upload } from '../domain/object.ts'
import { refusal } from '../domain/refusal.ts'
import type { Body } from './body.ts'
import type { BodyReceiver, Place } from './body-receiver.ts'
import type { Discarding } from './discarding.ts'
import type { FileWriters } from './file-writers.ts'
import type { Files } from './files.ts'
import type { PlaceWriters } from './place-writers.ts'
import { unlessRefused } from './unless-refused.ts'
import type { Uploads } from './uploads.ts'

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
      readonly fileWriters: FileWriters
      readonly placeWriters: PlaceWriters
      readonly discarding: Discarding
      readonly bodies: BodyReceiver
      readonly clock: Clock
    },
  ) {}

  /** Returns when the part is on disk.
   *  @throws AppError `NoSuchUpload`, `InvalidArgument`, `OperationAborted`, `SlowDown`, `InsufficientStorage` and
   *  what `receive` throws */
  async run(target: PartTarget, body: Body): Promise<Part> {
    const { uploads, files, placeWriters } = this.need
    const { bucket, key, uploadId, number } = target
    if (!(Number.isInteger(number) && number >= 1 && number <= MOST_PARTS))
      throw refusal('InvalidArgument', `Part number must be an integer between 1 and ${MOST_PARTS}, inclusive`)
    const upload = await uploads.find(bucket, key, uploadId)
    if (!upload) throw refusal('NoSuchUpload')
    checkAlgorithm(upload, body)
    if (body.size > (await files.free())) throw refusal('InsufficientStorage')
    const writer = hasPlace(upload, number, body.size)
      ? await placeWriters.take(uploadId, number, () => body.cancel())
      : undefined
    if (!writer) return this.#apart(upload, number, body)
    try {
      const part = await this.#inPlace(upload, number, writer, body)
      return await this.#save(upload.id, part, () => uploads.fillPlace(writer.claim))
    } catch (error) {
      await uploads.leavePlace(writer.claim)
      throw error
    } finally {
      writer.end()
    }
  }

  async #inPlace(
    upload: Upload,
    number: number,
    { claim, checkpoint }: { claim: string; checkpoint(): void },
    body: Body,
  ): Promise<Part> {
    const handle = await this.need.files.openAgain(upload.fileId!)
    const position = (number - 1) * upload.partSize!
    const place = { handle, position, checkpoint, sync: () => handle.datasync() }
    return this.#receive(place, upload, body, { number, claim, fileId: undefined })
  }

  async #apart(upload: Upload, number: number, body: Body): Promise<Part> {
    const { files, fileWriters } = this.need
    const fileId = newFileId()
    const { checkpoint, end } = fileWriters.begin(fileId)
    try {
      const part = await this.#writeApart(upload, number, fileId, checkpoint, body)
      return await unlessRefused(files, fileId, () => this.#save(upload.id, part))
    } finally {
      end()
    }
  }

  async #writeApart(upload: Upload, number: number, fileId: string, checkpoint: () => void, body: Body): Promise<Part> {
    const { files } = this.need
    try {
      const handle = await files.create(fileId)
      const place = { handle, position: 0, checkpoint, sync: () => files.seal(handle) }
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
      await place.handle.close()
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
  const [expected, actual] = [checksum?.algorithm, body.checksum?.algorithm]
  if (expected && actual && expected !== actual)
    throw refusal(
      'InvalidRequest',
      `Checksum Type mismatch occurred, expected checksum Type: ${expected}, actual checksum Type: ${actual}`,
    )
}

const isSame = (one: Part, other: Part) => one.etag === other.etag && one.size === other.size

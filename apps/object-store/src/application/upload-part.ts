import { setTimeout as delay } from 'node:timers/promises'
import type { Clock } from '@balcao/kernel'
import { MOST_PARTS, newFileId, type Part, type Upload } from '../domain/object.ts'
import { refusal } from '../domain/refusal.ts'
import type { Files } from './files.ts'
import type { Hashes } from './hashes.ts'
import type { PartWriter, PartWriters } from './part-writers.ts'
import { type Body, type Place, receive } from './receive.ts'
import type { Uploads } from './uploads.ts'

const ASK_AGAIN_MS = 250
/** Longer than a claim holds whose process is dead. */
const PATIENCE_MS = 15_000

/** Stores one part. A part that is sent again takes the place of the one before. */
export class UploadPart {
  constructor(
    private readonly need: {
      readonly uploads: Uploads
      readonly files: Files
      readonly hashes: Hashes
      readonly writers: PartWriters
      readonly clock: Clock
    },
  ) {}

  /** Returns when the part is on disk.
   *  @throws AppError `NoSuchUpload`, `InvalidArgument`, `OperationAborted`, `SlowDown`, `InsufficientStorage` and
   *  what `receive` throws */
  async run(target: { bucket: string; key: string; uploadId: string; number: number }, body: Body): Promise<Part> {
    const { bucket, key, uploadId, number } = target
    if (!(Number.isInteger(number) && number >= 1 && number <= MOST_PARTS))
      throw refusal('InvalidArgument', `Part number must be an integer between 1 and ${MOST_PARTS}, inclusive`)
    const upload = await this.need.uploads.find(bucket, key, uploadId)
    if (!upload) throw refusal('NoSuchUpload')
    if (body.size > (await this.need.files.free())) throw refusal('InsufficientStorage')

    const inPlace = upload.partSize !== undefined && body.size <= upload.partSize
    const fileId = inPlace ? undefined : newFileId()
    const writer = await this.#claim(upload, number, fileId, body)
    try {
      const part = inPlace
        ? await this.#writeInPlace(upload, number, writer, body)
        : await this.#writeApart(fileId!, number, writer, body)
      if (await this.need.uploads.finish(uploadId, part)) return part
      throw refusal((await this.need.uploads.find(bucket, key, uploadId)) ? 'OperationAborted' : 'NoSuchUpload')
    } catch (error) {
      // Without a row the sweeper takes the file, so a commit whose answer was lost loses nothing.
      await this.need.uploads.release(uploadId, writer.claim)
      throw error
    } finally {
      writer.end()
    }
  }

  /** Marks the part absent before a byte of it is overwritten. */
  async #claim(upload: Upload, number: number, fileId: string | undefined, body: Body): Promise<PartWriter> {
    const claim = this.need.writers.newClaim()
    for (let waited = 0; waited <= PATIENCE_MS; waited += ASK_AGAIN_MS) {
      await this.need.writers.stop(upload.id, number)
      const now = this.need.clock.now()
      const until = this.need.writers.leaseFrom(now)
      const claimed = await this.need.uploads.claim(upload, { number, claim, fileId }, now, until)
      if (claimed === 'gone') throw refusal('NoSuchUpload')
      if (claimed !== 'busy') {
        await this.need.files.remove(claimed.oldFileId)
        return this.need.writers.begin(upload.id, number, claim, until, () => body.cancel())
      }
      await delay(ASK_AGAIN_MS)
    }
    throw refusal('SlowDown')
  }

  async #writeInPlace(upload: Upload, number: number, { claim, checkpoint }: PartWriter, body: Body): Promise<Part> {
    const handle = await this.need.files.openAgain(upload.fileId!)
    const place = { handle, position: (number - 1) * upload.partSize!, checkpoint, sync: () => handle.datasync() }
    return this.#write(place, { number, claim, fileId: undefined }, body)
  }

  async #writeApart(fileId: string, number: number, { claim, checkpoint }: PartWriter, body: Body): Promise<Part> {
    const handle = await this.need.files.create(fileId)
    const place = { handle, position: 0, checkpoint, sync: () => this.need.files.seal(fileId, handle) }
    return this.#write(place, { number, claim, fileId }, body)
  }

  async #write(place: Place, part: Pick<Part, 'number' | 'claim' | 'fileId'>, body: Body): Promise<Part> {
    try {
      return {
        ...part,
        ...(await receive(body, place, this.need.hashes)),
        size: body.size,
        createdAt: this.need.clock.now(),
      }
    } catch (error) {
      await this.need.files.remove(part.fileId)
      throw error
    } finally {
      await place.handle.close()
    }
  }
}

import type { Readable } from 'node:stream'
import { checkRead, type ReadConditions } from '../../domain/conditions.ts'
import { LARGEST_BODY, type Part } from '../../domain/object.ts'
import type { ByteRange } from '../../domain/range.ts'
import { refusal } from '../../domain/refusal.ts'
import type { Body } from '../bodies/body.ts'
import type { ReadObject } from '../objects/read-object.ts'
import type { PartTarget, UploadPart } from './upload-part.ts'

/** Stores bytes of an object that is here as a part. */
export class CopyPart {
  constructor(
    private readonly readObject: ReadObject,
    private readonly uploadPart: UploadPart,
  ) {}

  /** @param range all of its bytes where none is given
   *  @throws AppError `NoSuchKey`, `PreconditionFailed`, `InvalidArgument` for bytes that it does not have,
   *  `EntityTooLarge`, and what `UploadPart` throws */
  async run(
    source: { bucket: string; key: string },
    conditions: ReadConditions,
    range: ByteRange | undefined,
    target: PartTarget,
  ): Promise<Part> {
    const { object, bytes } = await this.readObject.open(source.bucket, source.key)
    try {
      checkRead(conditions, object)
      const { start, end } = range ?? { start: 0, end: object.size - 1 }
      if (end >= object.size)
        throw refusal('InvalidArgument', `x-amz-copy-source-range is not within the ${object.size} bytes.`)
      const size = end - start + 1
      if (size > LARGEST_BODY) throw refusal('EntityTooLarge')
      const body = {
        size,
        ...untilCancelled(bytes.stream(start, end)),
        sha256: undefined,
        md5: undefined,
        checksum: undefined,
      }
      return await this.uploadPart.run(target, body)
    } finally {
      await bytes.close()
    }
  }
}

/** Reading it fails with `OperationAborted` once it is cancelled. */
function untilCancelled(stream: Readable): Pick<Body, 'chunks' | 'cancel'> {
  let cancelled = false
  async function* chunks() {
    try {
      yield* stream as AsyncIterable<Buffer>
    } catch (error) {
      throw cancelled ? refusal('OperationAborted') : error
    }
  }
  const cancel = () => {
    cancelled = true
    stream.destroy()
  }
  return { chunks: chunks(), cancel }
}

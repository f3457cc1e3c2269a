import type { StoredObject } from '../../domain/object.ts'
import { refusal } from '../../domain/refusal.ts'
import type { Files } from '../ports/files.ts'
import type { Objects } from '../ports/objects.ts'
import { ObjectBytes } from './object-bytes.ts'
import type { Pieces } from './pieces.ts'
import { withBytesOf } from './with-bytes-of.ts'

/** Finds an object and opens its bytes. */
export class ReadObject {
  constructor(
    private readonly objects: Objects,
    private readonly files: Files,
    private readonly pieces: Pieces,
  ) {}

  /** @throws AppError `NoSuchKey` */
  async find(bucket: string, key: string): Promise<StoredObject> {
    const object = await this.objects.find(bucket, key)
    if (!object) throw refusal('NoSuchKey')
    return object
  }

  /** The object and its bytes, which the caller closes.  @throws AppError `NoSuchKey` */
  open(bucket: string, key: string): Promise<{ object: StoredObject; bytes: ObjectBytes }> {
    return withBytesOf(this.objects, bucket, key, async ({ object, body }) => ({
      object,
      bytes: new ObjectBytes(body ?? (await this.files.open(object.fileId!)), this.pieces),
    }))
  }
}

import type { StoredObject } from '../../domain/object.ts'
import { refusal } from '../../domain/refusal.ts'
import { foldersOf } from '../../domain/withheld.ts'
import type { Files } from '../ports/files.ts'
import type { FoundObject, Objects } from '../ports/objects.ts'
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

  /** @param handedOut whether who asks shows a URL only: nothing that is withheld is there then
   *  @throws AppError `NoSuchKey` */
  async find(bucket: string, key: string, handedOut = false): Promise<StoredObject> {
    const object = await this.objects.find(bucket, key, handedOut ? foldersOf(key) : undefined)
    if (!object) throw refusal('NoSuchKey')
    return object
  }

  /** The object and its bytes, which the caller closes.  @throws AppError `NoSuchKey` */
  open(bucket: string, key: string, handedOut = false): Promise<{ object: StoredObject; bytes: ObjectBytes }> {
    const opened = async ({ object, body }: FoundObject) => ({
      object,
      bytes: new ObjectBytes(body ?? (await this.files.open(object.fileId!)), this.pieces),
    })
    return withBytesOf(this.objects, bucket, key, opened, handedOut ? foldersOf(key) : undefined)
  }
}

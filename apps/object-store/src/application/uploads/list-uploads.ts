import { behind, type KeyFilter, pageOf } from '../../domain/listing.ts'
import type { Upload } from '../../domain/object.ts'
import type { UploadFrom, UploadMarker, Uploads } from '../ports/uploads.ts'

export interface UploadsPage {
  readonly uploads: readonly Upload[]
  readonly commonPrefixes: readonly string[]
  /** What the next page begins behind; undefined after the last. */
  readonly next: UploadMarker | undefined
}

/** One page of the uploads of a bucket that have not ended, folded as objects are. */
export class ListUploads {
  constructor(private readonly uploads: Pick<Uploads, 'list'>) {}

  /** @param after this upload; with an empty id all of its key, or all that the key stands for */
  async run(filter: KeyFilter, after: UploadMarker, limit: number): Promise<UploadsPage> {
    const from = behindMarker(after, filter)
    const entries = from ? await this.uploads.list(filter, from, limit + 1) : []
    const { items, commonPrefixes, last } = pageOf(entries, limit)
    const next = last?.commonPrefix === undefined ? last?.item : { key: last.commonPrefix, id: '' }
    return { uploads: items, commonPrefixes, next }
  }
}

function behindMarker({ key, id }: UploadMarker, filter: KeyFilter): UploadFrom | undefined {
  const from = behind(key, filter)
  return from && !from.included && id !== '' ? { key, included: true, id } : from
}

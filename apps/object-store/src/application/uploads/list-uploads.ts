import { behindAll, commonPrefixOf } from '../../domain/names.ts'
import type { Upload } from '../../domain/object.ts'
import type { FoldedUpload, UploadMarker, Uploads } from '../ports/uploads.ts'

export interface UploadsQuery {
  readonly bucket: string
  readonly prefix: string
  /** Empty for none. */
  readonly delimiter: string
  /** Behind this upload; with an empty id behind all of its key, or all that the key stands for. */
  readonly after: UploadMarker
  readonly limit: number
}

export interface UploadsPage {
  readonly uploads: readonly Upload[]
  readonly commonPrefixes: readonly string[]
  /** Where the next page begins; undefined after the last. */
  readonly next: UploadMarker | undefined
}

/** One page of the uploads of a bucket that have not ended, folded as objects are. */
export class ListUploads {
  constructor(private readonly uploads: Pick<Uploads, 'list' | 'listFolded'>) {}

  async run({ bucket, prefix, delimiter, after, limit }: UploadsQuery): Promise<UploadsPage> {
    const isCommon = commonPrefixOf(after.key, prefix, delimiter) === after.key
    const from = isCommon ? { key: behindAll(after.key), id: '' } : after
    // One more than there is room for tells whether another page follows.
    const found = await this.#find(bucket, prefix, delimiter, from, limit + 1)
    const page = found.slice(0, limit)
    const last = found.length > limit ? page.at(-1) : undefined
    return {
      uploads: page.flatMap(({ upload, commonPrefix }) => (commonPrefix === undefined ? [upload] : [])),
      commonPrefixes: page.flatMap(({ commonPrefix }) => commonPrefix ?? []),
      next: last?.commonPrefix === undefined ? last?.upload : { key: last.commonPrefix, id: '' },
    }
  }

  async #find(
    bucket: string,
    prefix: string,
    delimiter: string,
    from: UploadMarker,
    limit: number,
  ): Promise<FoldedUpload[]> {
    if (delimiter !== '') return this.uploads.listFolded(bucket, prefix, delimiter, from, limit)
    const uploads = await this.uploads.list(bucket, prefix, from, limit)
    return uploads.map((upload) => ({ upload, commonPrefix: undefined }))
  }
}

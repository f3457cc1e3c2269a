import { behindAll, commonPrefixOf } from '../domain/names.ts'
import type { Upload } from '../domain/object.ts'
import type { Uploads } from './uploads.ts'

export interface UploadsQuery {
  readonly bucket: string
  readonly prefix: string
  /** Empty for none. */
  readonly delimiter: string
  /** Behind this upload; with an empty id behind all of its key, or all that the key stands for. */
  readonly after: { readonly key: string; readonly id: string }
  readonly limit: number
}

export interface UploadsPage {
  readonly uploads: readonly Upload[]
  readonly commonPrefixes: readonly string[]
  /** Where the next page begins; undefined after the last. */
  readonly next: { readonly key: string; readonly id: string } | undefined
}

/** One page of the uploads of a bucket that have not ended, folded as objects are: each common prefix is one query. */
export class ListUploads {
  constructor(private readonly uploads: Pick<Uploads, 'list'>) {}

  async run({ bucket, prefix, delimiter, after, limit }: UploadsQuery): Promise<UploadsPage> {
    const fold = (key: string) => commonPrefixOf(key, prefix, delimiter)
    const found: (Upload | string)[] = []
    let from = fold(after.key) === after.key ? { key: behindAll(after.key), id: '' } : after
    // One more than there is room for tells whether another page follows.
    for (let more = limit > 0; more && found.length <= limit; ) {
      const asked = limit + 1 - found.length
      const uploads = await this.uploads.list(bucket, prefix, from, asked)
      more = uploads.length === asked
      for (const upload of uploads) {
        const common = fold(upload.key)
        found.push(common ?? upload)
        from = common === undefined ? upload : { key: behindAll(common), id: '' }
        if (common === undefined) continue
        more = true // those that were read behind it may lie in it too
        break
      }
    }
    const page = found.slice(0, limit)
    const last = found.length > limit ? page.at(-1) : undefined
    return {
      uploads: page.filter((each) => typeof each !== 'string'),
      commonPrefixes: page.filter((each) => typeof each === 'string'),
      next: typeof last === 'string' ? { key: last, id: '' } : last,
    }
  }
}

import { afterPrefix, commonPrefixOf } from '../../domain/names.ts'
import type { StoredObject } from '../../domain/object.ts'
import type { Folded, ListFrom, Objects } from '../ports/objects.ts'

export interface ListQuery {
  readonly bucket: string
  readonly prefix: string
  readonly delimiter: string
  /** The last key or common prefix of the page before, or any key to begin behind. */
  readonly after: string
  readonly limit: number
}

export interface Listing {
  readonly objects: readonly StoredObject[]
  /** Keys cut behind the first delimiter that follows the prefix, each once. */
  readonly commonPrefixes: readonly string[]
  /** Where the next page begins, if there is one. */
  readonly next: string | undefined
}

/** One page of a bucket in the order of the bytes of its keys. */
export class ListObjects {
  constructor(private readonly objects: Objects) {}

  async run({ bucket, prefix, delimiter, after, limit }: ListQuery): Promise<Listing> {
    const from = behind(after, prefix, delimiter)
    // One more than there is room for tells whether another page follows.
    const found = from ? await this.#find(bucket, prefix, delimiter, from, limit + 1) : []
    const page = found.slice(0, limit)
    const last = page.at(-1)
    return {
      objects: page.flatMap(({ object, commonPrefix }) => (commonPrefix === undefined ? [object] : [])),
      commonPrefixes: page.flatMap(({ commonPrefix }) => commonPrefix ?? []),
      next: last && found.length > limit ? (last.commonPrefix ?? last.object.key) : undefined,
    }
  }

  async #find(bucket: string, prefix: string, delimiter: string, from: ListFrom, limit: number): Promise<Folded[]> {
    if (delimiter !== '') return this.objects.listFolded(bucket, prefix, delimiter, from, limit)
    const objects = await this.objects.list(bucket, prefix, from, limit)
    return objects.map((object) => ({ object, commonPrefix: undefined }))
  }
}

/** Behind a key, or behind all that a common prefix stands for. */
function behind(after: string, prefix: string, delimiter: string): ListFrom | undefined {
  if (commonPrefixOf(after, prefix, delimiter) !== after) return { key: after, included: false }
  const key = afterPrefix(after)
  return key === undefined ? undefined : { key, included: true }
}

import { afterPrefix } from '../domain/names.ts'
import type { StoredObject } from '../domain/object.ts'
import type { ListFrom, Objects } from './objects.ts'

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

/** One page of a bucket in the order of the bytes of its keys. Keys that share a prefix are skipped by the index,
 *  however many they are. */
export class ListObjects {
  constructor(private readonly objects: Objects) {}

  async run({ bucket, prefix, delimiter, after, limit }: ListQuery): Promise<Listing> {
    const objects: StoredObject[] = []
    const commonPrefixes: string[] = []
    let last = after
    let from: ListFrom | undefined = this.#behind(after, prefix, delimiter)
    while (from) {
      const room: number = limit - objects.length - commonPrefixes.length
      // One more than there is room for tells whether another page follows.
      const rows: StoredObject[] = await this.objects.list(bucket, prefix, from, room + 1)
      from = undefined
      for (const [i, object] of rows.entries()) {
        if (objects.length + commonPrefixes.length === limit)
          return { objects, commonPrefixes, next: limit > 0 ? last : undefined }
        const common = commonPrefixOf(object.key, prefix, delimiter)
        if (common === undefined) {
          objects.push(object)
          last = object.key
          if (i === rows.length - 1 && rows.length > room) from = { key: last, included: false }
          continue
        }
        commonPrefixes.push(common)
        last = common
        from = this.#behind(common, prefix, delimiter)
        break
      }
    }
    return { objects, commonPrefixes, next: undefined }
  }

  #behind(after: string, prefix: string, delimiter: string): ListFrom | undefined {
    if (commonPrefixOf(after, prefix, delimiter) !== after) return { key: after, included: false }
    const key = afterPrefix(after)
    return key === undefined ? undefined : { key, included: true }
  }
}

function commonPrefixOf(key: string, prefix: string, delimiter: string): string | undefined {
  if (delimiter === '' || !key.startsWith(prefix)) return undefined
  const at = key.indexOf(delimiter, prefix.length)
  return at < 0 ? undefined : key.slice(0, at + delimiter.length)
}

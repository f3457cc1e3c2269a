import { behind, type KeyFilter, pageOf } from '../../domain/listing.ts'
import type { StoredObject } from '../../domain/object.ts'
import type { Objects } from '../ports/objects.ts'

export interface Listing {
  readonly objects: readonly StoredObject[]
  readonly commonPrefixes: readonly string[]
  /** The key or common prefix behind which the next page begins, if there is one. */
  readonly next: string | undefined
}

/** One page of a bucket in the order of the bytes of its keys. */
export class ListObjects {
  constructor(private readonly objects: Pick<Objects, 'list'>) {}

  /** @param after the last key or common prefix of the page before, or any key to begin behind */
  async run(filter: KeyFilter, after: string, limit: number): Promise<Listing> {
    const from = behind(after, filter)
    const entries = from ? await this.objects.list(filter, from, limit + 1) : []
    const { items, commonPrefixes, last } = pageOf(entries, limit)
    return { objects: items, commonPrefixes, next: last && (last.commonPrefix ?? last.item.key) }
  }
}

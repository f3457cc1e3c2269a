import { afterPrefix, commonPrefixOf } from './names.ts'

/** Which keys a listing shows, each by itself or folded: those that share a beginning up to the first delimiter behind the
 *  prefix are one entry. */
export interface KeyFilter {
  readonly bucket: string
  readonly prefix: string
  /** Empty where nothing is folded. */
  readonly delimiter: string
}

/** A key to begin with, or to begin behind. */
export interface KeyFrom {
  readonly key: string
  readonly included: boolean
}

/** Behind a key, or behind all that a common prefix stands for; undefined where nothing can be there. */
export function behind(after: string, { prefix, delimiter }: KeyFilter): KeyFrom | undefined {
  if (commonPrefixOf(after, prefix, delimiter) !== after) return { key: after, included: false }
  const key = afterPrefix(after)
  return key === undefined ? undefined : { key, included: true }
}

/** Something that has a key, or what the keys of many have in common. */
export interface Entry<T> {
  /** The first of them. */
  readonly item: T
  readonly commonPrefix: string | undefined
}

/** One page of a listing. */
export interface Page<T> {
  readonly items: readonly T[]
  /** Keys cut behind the delimiter, each once. */
  readonly commonPrefixes: readonly string[]
  /** The last entry, where another page follows it. */
  readonly last: Entry<T> | undefined
}

/** @param entries at most one more than the page holds, which tells that another one follows */
export function pageOf<T>(entries: readonly Entry<T>[], limit: number): Page<T> {
  const page = entries.slice(0, limit)
  return {
    items: page.flatMap(({ item, commonPrefix }) => (commonPrefix === undefined ? [item] : [])),
    commonPrefixes: page.flatMap(({ commonPrefix }) => commonPrefix ?? []),
    last: entries.length > limit ? page.at(-1) : undefined,
  }
}

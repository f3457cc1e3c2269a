import type { KeyFilter, KeyFrom } from '../domain/listing.ts'
import { afterPrefix } from '../domain/names.ts'

/** Behind every text that a key can end with: a key has at most 1024 bytes, and this is as many of the last character. */
export const LAST_ENDING = 'repeat(chr(1114111), 256)'

/** The keys that begin with a prefix, from one on, as conditions on `bucket` and `key`. The bound above is there where
 *  there is one, so that no plan reads on behind it; `until` is that bound alone. */
export function keysFrom({ bucket, prefix }: KeyFilter, from: KeyFrom) {
  const end = afterPrefix(prefix)
  const until = end === undefined ? '' : 'and key < $4'
  return {
    where: `bucket = $1 and key >= $2 and key ${from.included ? '>=' : '>'} $3 ${until}`,
    until,
    values: [bucket, prefix, from.key, ...(end === undefined ? [] : [end])],
  }
}

/** What `key` has in common with others up to the delimiter behind the prefix, or null, as the column `common`.
 *  @param delimiter and @param length of the prefix in characters: parameters of the statement */
export function commonPrefix(delimiter: string, length: string): string {
  const at = `strpos(substr(key, ${length}::int + 1), ${delimiter}::text)`
  return `case when ${at} > 0 then left(key, ${length}::int + ${at} - 1 + length(${delimiter}::text)) end as common`
}

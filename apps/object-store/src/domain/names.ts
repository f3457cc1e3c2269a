import { refusal } from './refusal.ts'

/** Cookies of the pages are bound to the path /auth, whatever the port: a bucket of that name would be sent them. */
const RESERVED = ['auth']

/** Whether S3's rules allow a bucket of that name, and one rule of ours. */
export const isBucketName = (name: string): boolean =>
  !RESERVED.includes(name) && /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) && !name.includes('..')

/** @throws AppError `InvalidBucketName` */
export function checkBucketName(name: string): void {
  if (!isBucketName(name))
    throw refusal(
      'InvalidBucketName',
      `"${name}" cannot be a bucket: 3 to 63 lower-case letters, digits, dots and hyphens, not ${RESERVED.join()}.`,
    )
}

/** A key is any text of 1 to 1024 bytes; only a zero byte cannot be kept in PostgreSQL.
 *  @throws AppError `KeyTooLongError`, `InvalidURI` */
export function checkKey(key: string): void {
  if (Buffer.byteLength(key) > 1024) throw refusal('KeyTooLongError')
  if (key.includes('\0')) throw refusal('InvalidURI', 'A key cannot hold a zero byte.')
}

/** The first text after every text that starts with `prefix`, by code point; undefined where there is none. */
export function afterPrefix(prefix: string): string | undefined {
  const points = [...prefix]
  while (points.length > 0) {
    const last = points.pop()!.codePointAt(0)!
    if (last === 0x10ffff) continue
    // Surrogates are no characters: UTF-8 goes on behind them.
    const next = last + 1 === 0xd800 ? 0xe000 : last + 1
    return points.join('') + String.fromCodePoint(next)
  }
  return undefined
}

/** What a key has in common, up to the delimiter behind the prefix, with others that are listed as one; undefined where
 *  it is listed by itself. */
export function commonPrefixOf(key: string, prefix: string, delimiter: string): string | undefined {
  if (delimiter === '' || !key.startsWith(prefix)) return undefined
  const at = key.indexOf(delimiter, prefix.length)
  return at < 0 ? undefined : key.slice(0, at + delimiter.length)
}

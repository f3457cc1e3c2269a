import type { EntityTags, ReadConditions, WriteConditions } from '../domain/conditions.ts'
import { refusal } from '../domain/refusal.ts'

type Headers = Readonly<Record<string, string | undefined>>

/** A list of tags (RFC 9110 §8.8.3); S3's clients send them without quotes too.
 *  @param weak whether those count that only say that two are as good as the same (§8.8.3.2) */
export function entityTags(list: string, weak: 'weak too' | 'strong'): EntityTags {
  if (list.trim() === '*') return 'any'
  const found = [...list.matchAll(/(W\/)?"([^"]*)"|([^\s,"]+)/g)]
  return found.flatMap(([, isWeak, quoted, bare]) => (isWeak && weak === 'strong' ? [] : (quoted ?? bare!)))
}

const tagsIn = (list: string | undefined, weak: 'weak too' | 'strong') =>
  list === undefined ? undefined : entityTags(list, weak)

/** The three forms of RFC 9110 §5.6.7, and S3's. */
const DATE = /GMT$|^\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4}$|^\d{4}-\d\d-\d\dT[\d:.]+Z$/

const secondsOf = (date: string | undefined) => {
  const at = date !== undefined && DATE.test(date.trim()) ? Date.parse(date) : Number.NaN
  return Number.isNaN(at) ? undefined : Math.floor(at / 1000)
}

/** @param prefix `x-amz-copy-source-` for those on the source of a copy */
export const readConditions = (headers: Headers, prefix = ''): ReadConditions => ({
  ifMatch: tagsIn(headers[`${prefix}if-match`], 'strong'),
  ifNoneMatch: tagsIn(headers[`${prefix}if-none-match`], 'weak too'),
  ifModifiedSince: secondsOf(headers[`${prefix}if-modified-since`]),
  ifUnmodifiedSince: secondsOf(headers[`${prefix}if-unmodified-since`]),
})

/** @throws AppError `NotImplemented` for a condition on writing that S3 does not know either */
export function writeConditions(headers: Headers): WriteConditions {
  const ifNoneMatch = headers['if-none-match']
  if (ifNoneMatch !== undefined && ifNoneMatch !== '*')
    throw refusal('NotImplemented', 'If-None-Match of a write must be *.')
  return { ifMatch: tagsIn(headers['if-match'], 'strong'), ifNothing: ifNoneMatch !== undefined }
}

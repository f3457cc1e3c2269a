import type { EntityTags, ReadConditions, WriteConditions } from '../domain/conditions.ts'
import { refusal } from '../domain/refusal.ts'

type Headers = Readonly<Record<string, string | undefined>>

/** The list of RFC 9110 §8.8.3, with `*` for any. */
export const entityTags = (list: string): EntityTags =>
  list.split(',').map((one) => one.trim().replace(/^W\//, '').replace(/^"|"$/g, ''))

const tagsIn = (list: string | undefined) => (list === undefined ? undefined : entityTags(list))

const secondsOf = (date: string | undefined) => {
  const at = date === undefined ? Number.NaN : Date.parse(date)
  return Number.isNaN(at) ? undefined : Math.floor(at / 1000)
}

/** @param prefix `x-amz-copy-source-` for those on the source of a copy */
export const readConditions = (headers: Headers, prefix = ''): ReadConditions => ({
  ifMatch: tagsIn(headers[`${prefix}if-match`]),
  ifNoneMatch: tagsIn(headers[`${prefix}if-none-match`]),
  ifModifiedSince: secondsOf(headers[`${prefix}if-modified-since`]),
  ifUnmodifiedSince: secondsOf(headers[`${prefix}if-unmodified-since`]),
})

/** @throws AppError `NotImplemented` for a condition on writing that S3 does not know either */
export function writeConditions(headers: Headers): WriteConditions {
  const ifNoneMatch = headers['if-none-match']
  if (ifNoneMatch !== undefined && ifNoneMatch !== '*')
    throw refusal('NotImplemented', 'If-None-Match of a write must be *.')
  return { ifMatch: tagsIn(headers['if-match']), ifNothing: ifNoneMatch !== undefined }
}

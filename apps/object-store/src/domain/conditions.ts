import { refusal } from './refusal.ts'

type Headers = Readonly<Record<string, string | string[] | undefined>>
type Version = { readonly etag: string; readonly createdAt: Date }

const text = (value: string | string[] | undefined) => (Array.isArray(value) ? value.join(',') : value)

const names = (list: string, etag: string) =>
  list.split(',').some((one) => {
    const plain = one.trim().replace(/^W\//, '').replace(/^"|"$/g, '')
    return plain === '*' || plain === etag
  })

// HTTP dates have no fraction of a second.
const seconds = (date: Date) => Math.floor(date.getTime() / 1000)
const dateOf = (value: string | undefined) => {
  const at = value === undefined ? Number.NaN : Date.parse(value)
  return Number.isNaN(at) ? undefined : Math.floor(at / 1000)
}

/** Conditions of RFC 9110 §13.1 on what is read. Dates in seconds since 1970. */
export interface ReadConditions {
  readonly ifMatch: string | undefined
  readonly ifNoneMatch: string | undefined
  readonly ifModifiedSince: number | undefined
  readonly ifUnmodifiedSince: number | undefined
}

/** @param prefix `x-amz-copy-source-` for those on the source of a copy */
export const readConditions = (headers: Headers, prefix = ''): ReadConditions => ({
  ifMatch: text(headers[`${prefix}if-match`]),
  ifNoneMatch: text(headers[`${prefix}if-none-match`]),
  ifModifiedSince: dateOf(text(headers[`${prefix}if-modified-since`])),
  ifUnmodifiedSince: dateOf(text(headers[`${prefix}if-unmodified-since`])),
})

/** Evaluates a reader's conditions in the order of RFC 9110 §13.2.2.
 *  @returns whether the reader has it already (304)  @throws AppError `PreconditionFailed` */
export function isUnchanged(given: ReadConditions, object: Version): boolean {
  if (given.ifMatch !== undefined) {
    if (!names(given.ifMatch, object.etag)) throw refusal('PreconditionFailed')
  } else if (given.ifUnmodifiedSince !== undefined && seconds(object.createdAt) > given.ifUnmodifiedSince) {
    throw refusal('PreconditionFailed')
  }
  if (given.ifNoneMatch !== undefined) return names(given.ifNoneMatch, object.etag)
  return given.ifModifiedSince !== undefined && seconds(object.createdAt) <= given.ifModifiedSince
}

/** For whoever cannot be told that it has it already. @throws AppError `PreconditionFailed` */
export function checkRead(given: ReadConditions, object: Version): void {
  if (isUnchanged(given, object)) throw refusal('PreconditionFailed')
}

export interface WriteConditions {
  readonly ifMatch: string | undefined
  /** S3 knows only `*`: write where there is nothing. */
  readonly ifNoneMatch: string | undefined
}

/** @throws AppError `NotImplemented` for a condition on writing that S3 does not know either */
export function writeConditions(headers: Headers): WriteConditions {
  const ifNoneMatch = text(headers['if-none-match'])
  if (ifNoneMatch !== undefined && ifNoneMatch !== '*')
    throw refusal('NotImplemented', 'If-None-Match of a write must be *.')
  return { ifMatch: text(headers['if-match']), ifNoneMatch }
}

/** @param object what is there now  @throws AppError `PreconditionFailed`, `NoSuchKey` */
export function checkWrite({ ifMatch, ifNoneMatch }: WriteConditions, object: Version | undefined): void {
  if (ifNoneMatch !== undefined && object) throw refusal('PreconditionFailed')
  if (ifMatch === undefined) return
  if (!object) throw refusal('NoSuchKey')
  if (!names(ifMatch, object.etag)) throw refusal('PreconditionFailed')
}

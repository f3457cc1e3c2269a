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

/** Evaluates a reader's conditions in the order of RFC 9110 §13.2.2.
 *  @returns whether the reader has it already (304)  @throws AppError `PreconditionFailed` */
export function isUnchanged(headers: Headers, object: Version): boolean {
  const ifMatch = text(headers['if-match'])
  const unmodifiedSince = dateOf(text(headers['if-unmodified-since']))
  if (ifMatch !== undefined) {
    if (!names(ifMatch, object.etag)) throw refusal('PreconditionFailed')
  } else if (unmodifiedSince !== undefined && seconds(object.createdAt) > unmodifiedSince) {
    throw refusal('PreconditionFailed')
  }
  const ifNoneMatch = text(headers['if-none-match'])
  if (ifNoneMatch !== undefined) return names(ifNoneMatch, object.etag)
  const modifiedSince = dateOf(text(headers['if-modified-since']))
  return modifiedSince !== undefined && seconds(object.createdAt) <= modifiedSince
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

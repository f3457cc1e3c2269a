import { refusal } from './refusal.ts'

type Version = { readonly etag: string; readonly createdAt: Date }

/** Entity tags without quotes, or any. */
export type EntityTags = readonly string[] | 'any'

const names = (tags: EntityTags, etag: string) => tags === 'any' || tags.includes(etag)

// HTTP dates have no fraction of a second.
const seconds = (date: Date) => Math.floor(date.getTime() / 1000)

/** Conditions of RFC 9110 §13.1 on what is read. Dates in seconds since 1970. */
export interface ReadConditions {
  readonly ifMatch: EntityTags | undefined
  readonly ifNoneMatch: EntityTags | undefined
  readonly ifModifiedSince: number | undefined
  readonly ifUnmodifiedSince: number | undefined
}

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
  readonly ifMatch: EntityTags | undefined
  /** Write only where there is nothing. */
  readonly ifNothing: boolean
}

/** @param object what is there now  @throws AppError `PreconditionFailed`, `NoSuchKey` */
export function checkWrite({ ifMatch, ifNothing }: WriteConditions, object: Version | undefined): void {
  if (ifNothing && object) throw refusal('PreconditionFailed')
  if (ifMatch === undefined) return
  if (!object) throw refusal('NoSuchKey')
  if (!names(ifMatch, object.etag)) throw refusal('PreconditionFailed')
}

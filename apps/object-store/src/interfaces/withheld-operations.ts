import { SHOWS_WITHHELD } from '@balcao/platform'
import { refusal } from '../domain/refusal.ts'
import type { Store } from '../open.ts'
import type { Answer, Call } from './call.ts'

/** Of the two operations that are ours and not S3's: `PUT` and `DELETE /bucket?balcao-withheld=folder/`. */
export const WITHHELD = SHOWS_WITHHELD

export async function withholdFolder(store: Store, call: Call): Promise<Answer> {
  await store.withholdFolder.run(call.bucket, folderOf(call))
  return { status: 204 }
}

export async function giveOutFolder(store: Store, call: Call): Promise<Answer> {
  await store.withholdFolder.undo(call.bucket, folderOf(call))
  return { status: 204 }
}

/** Only for who has the key, and not for who was given a URL.  @throws AppError `AccessDenied` */
function folderOf(call: Call): string {
  if (call.signed.presigned) throw refusal('AccessDenied')
  return call.query.get(WITHHELD) ?? ''
}

/** Whether a request shows nothing but a URL that was handed out, and not for what is withheld too. */
export const isHandedOut = (call: Call): boolean => call.signed.presigned && !call.query.has(WITHHELD)

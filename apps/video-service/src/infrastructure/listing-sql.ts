import type { Listing } from '../application/ports/videos.ts'
import { refusals } from '../domain/refusals.ts'
import { foldTitle } from '../domain/title.ts'
import type { Video } from '../domain/video.ts'

const TITLE = 'v.title collate "pt-BR-x-icu"'

/** Per order: its sort key in SQL, which way it runs, and where a video stands in it. */
const ORDERS = {
  newest: { by: 'v.created_at', as: 'timestamptz', direction: 'desc', of: (v: Video) => v.createdAt.toISOString() },
  oldest: { by: 'v.created_at', as: 'timestamptz', direction: 'asc', of: (v: Video) => v.createdAt.toISOString() },
  title: { by: TITLE, as: 'text', direction: 'asc', of: (v: Video) => v.title },
} as const

/** What follows `where` for a page of a person's videos; one row more than asked tells whether there is another page. */
export function listingSql(owner: string, listing: Listing): { text: string; values: unknown[] } {
  const { by, as, direction } = ORDERS[listing.sort]
  const values: unknown[] = [owner]
  const bind = (value: unknown) => `$${values.push(value)}`
  const conditions = ['v.owner = $1', `v.deleted_at is ${listing.trash ? 'not null' : 'null'}`]
  if (listing.search) conditions.push(`position(${bind(foldTitle(listing.search))} in v.title_folded) > 0`)
  if (listing.cursor) {
    const [value, id] = readCursor(listing.cursor, as)
    const after = direction === 'desc' ? '<' : '>'
    conditions.push(`(${by}, v.id) ${after} (${bind(value)}::${as}, ${bind(id)})`)
  }
  const order = `order by ${by} ${direction}, v.id ${direction} limit ${bind(listing.limit + 1)}`
  return { text: `${conditions.join(' and ')} ${order}`, values }
}

/** Where the next page begins: behind `video` in that order. */
export function cursorAfter(video: Video, sort: Listing['sort']): string {
  return Buffer.from(JSON.stringify([ORDERS[sort].of(video), video.id])).toString('base64url')
}

function readCursor(cursor: string, as: string): [string, string] {
  try {
    const [value, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown[]
    if (typeof value === 'string' && typeof id === 'string' && !/\0/.test(value + id)) {
      if (as !== 'timestamptz' || !Number.isNaN(Date.parse(value))) return [value, id]
    }
  } catch {
    // Falls through to the one answer for every cursor that is not ours.
  }
  throw refusals.cursor()
}

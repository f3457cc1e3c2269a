import { randomBytes } from 'node:crypto'

/** The least that every part but the last has. */
export const PART = 5 * 1024 * 1024

/** What is sent, known by a name. */
export const BODIES = {
  nothing: Buffer.alloc(0),
  'a byte': Buffer.from('x'),
  'a few bytes': randomBytes(700),
  'other bytes': randomBytes(7000),
  /** More than lies in a row. */
  'a file': randomBytes(20_000),
  'a part': randomBytes(PART),
  'another part': randomBytes(PART),
  'more than a part': randomBytes(PART + 1),
}
export type BodyName = keyof typeof BODIES

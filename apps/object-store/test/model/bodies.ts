import { randomBytes } from 'node:crypto'
import { LARGEST_IN_ROW } from '../../src/domain/object.ts'

/** The least that every part but the last has. */
export const PART = 5 * 1024 * 1024

/** What is sent, known by a name. */
export const BODIES = {
  nothing: Buffer.alloc(0),
  'a byte': Buffer.from('x'),
  'a few bytes': randomBytes(700),
  'other bytes': randomBytes(7000),
  'a file': randomBytes(LARGEST_IN_ROW + 1),
  'another file': randomBytes(2 * LARGEST_IN_ROW),
  /** Written in two batches, and hashed beside that. */
  'a film': randomBytes(1024 * 1024 + 1),
  'a part': randomBytes(PART),
  'another part': randomBytes(PART),
  'more than a part': randomBytes(PART + 1),
}
export type BodyName = keyof typeof BODIES

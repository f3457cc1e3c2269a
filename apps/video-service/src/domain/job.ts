import type { Plan } from './media/plan.ts'
import type { Probe } from './media/probe.ts'

/** Seconds that a worker may be silent before another takes its job. */
export const LEASE_SECONDS = 20

/** Workers that may die over a job before it is given up: a film that kills its worker must not do so for ever, yet a
 *  worker may be restarted often while a long film is made. */
export const MAX_DEATHS = 25

/** Seconds before a job that waits for something of the machine's, such as room on a disk, is tried again. */
export const WAIT_SECONDS = 30

/** Seconds until a job that was handed back is tried again, where it waits for something of the machine's; undefined where
 *  the work machine decides.  @param problem why it was  @param counts whether that was a fault of ours */
export const waitOf = (problem: unknown, counts: boolean): number | undefined =>
  problem && !counts ? WAIT_SECONDS : undefined

/** Where a job waits for a worker: to be looked at, as every upload is first; to be copied; for a preview of what takes
 *  long to encode; to be encoded. */
export const LANES = ['look', 'copy', 'preview', 'encode'] as const
export type Lane = (typeof LANES)[number]

/** Of one person so many are made in a lane at a time, on all machines: another's waits for a worker, not for theirs. */
export const PER_OWNER = 1

/** Bytes up to which a copy is so quick that it needs no lane of its own. */
const QUICK_COPY = 256 * 1024 ** 2
/** Seconds of sound that are encoded in a second or two. */
const QUICK_SOUND = 120

/** Which lane a film goes to once it was looked at: what is made in a moment stays where it is. */
export function laneOf(
  { picture, sounds }: Plan,
  { size, durationSeconds = Number.POSITIVE_INFINITY }: Pick<Probe, 'size' | 'durationSeconds'>,
): Exclude<Lane, 'encode'> {
  if (picture?.how === 'encode') return 'preview'
  const encoded = sounds.filter(({ how }) => how === 'encode')
  const isQuick = encoded.length === 0 || encoded.length * durationSeconds <= QUICK_SOUND
  return isQuick && size <= QUICK_COPY ? 'look' : 'copy'
}

/** One try at one job. Every write of it is fenced by its number: a worker that comes back from the dead after another
 *  has taken over changes nothing. */
export interface Attempt {
  /** The job's. */
  readonly id: string
  /** `sub` of the person it is for. */
  readonly owner: string
  /** 1, 2, 3 … */
  readonly number: number
  /** Tries before this one that ended by a fault of ours; killed workers do not count. */
  readonly failures: number
}

/** The job belongs to a later attempt, or to nobody: whoever holds this one stops without a trace. */
export class Superseded extends Error {
  override readonly name = 'Superseded'
}

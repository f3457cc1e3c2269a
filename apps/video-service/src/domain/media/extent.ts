/** When something of a film begins and ends, in seconds of the film. */
export interface Extent {
  readonly begin: number
  readonly end: number
}

/** Seconds that no two frames lie so close to each other, yet a time that was rounded may be off. */
export const A_HAIR = 0.005

/** Two times of one film, in seconds, are the same: within half a second or one per cent, whichever is more. */
export function agree(one: number, other: number): boolean {
  return Math.abs(one - other) <= Math.max(0.5, other / 100)
}

/** Whether something ends before it should. */
export const fallsShort = (made: number, declared: number | undefined): boolean =>
  declared !== undefined && made < declared && !agree(made, declared)

/** Nest's token for the Platform. */
export const PLATFORM = Symbol('PLATFORM')

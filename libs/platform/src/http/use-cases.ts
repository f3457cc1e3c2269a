/** Nest's token for a service's use cases, in its own controllers and guards. */
export const USE_CASES = Symbol('USE_CASES')

/** Nest's name for the port Videos, which as a type has none of its own. */
export const VIDEOS = Symbol('Videos')

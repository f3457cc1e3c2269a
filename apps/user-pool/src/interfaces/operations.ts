import type { Operation } from '../application/operation.ts'

/** The operations that the pool answers, by their names in Cognito's protocol. */
export type Operations = ReadonlyMap<string, Operation>

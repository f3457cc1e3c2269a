import { setTimeout as delay } from 'node:timers/promises'
import { Refused } from '../support/api.ts'

/** Seconds that a client goes on trying: longer than anything is away here. */
const PATIENCE = 180
/** Milliseconds. */
const PAUSE = 200

/** Whether whoever asked may ask again as it is: the answer got lost, or a part of the house is away. Being told that
 *  there is no room is an answer. */
export function isPassing(error: unknown): boolean {
  if (error instanceof Refused) return error.status >= 500 && error.problem.code !== 'upload/no_room'
  // What fetch throws where a connection breaks, and JSON that was cut off.
  return error instanceof TypeError || error instanceof SyntaxError || error instanceof Unstored
}

/** The store did not take bytes and said that it may be tried again. */
export class Unstored extends Error {}

/** Asks until there is an answer, as every client does of a house whose parts are killed. */
export async function insist<T>(ask: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + PATIENCE * 1000
  for (;;) {
    try {
      return await ask()
    } catch (error) {
      if (!isPassing(error) || Date.now() > deadline) throw error
    }
    await delay(PAUSE)
  }
}

/** The code of a refusal; undefined for everything else. */
export const refusalOf = (error: unknown): string | undefined =>
  error instanceof Refused ? error.problem.code : undefined

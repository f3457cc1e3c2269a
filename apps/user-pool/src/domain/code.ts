import { randomInt } from 'node:crypto'

/** Seconds that a code sent by e-mail can be used. */
export const CODE_SECONDS = 24 * 3600
/** Wrong tries that one code stands. */
export const CODE_TRIES = 3
/** Codes that one account is sent within an hour, and seconds between two of them. */
export const SENDS_PER_HOUR = 5
export const SECONDS_BETWEEN_SENDS = 60

/** Six random digits. */
export function newCode(): string {
  return String(randomInt(1_000_000)).padStart(6, '0')
}

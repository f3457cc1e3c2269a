/** Failures that cost nothing yet. */
const FREE_FAILURES = 4
const LONGEST = 900

/** How long an account is closed after its n-th failure in a row, in seconds: nothing up to four, then
 *  2^(n-5) up to 15 minutes (Cognito Developer Guide, "Lockout behavior for failed sign-in attempts"). */
export function lockoutSeconds(failures: number): number {
  return failures <= FREE_FAILURES ? 0 : Math.min(2 ** (failures - FREE_FAILURES - 1), LONGEST)
}

/** The same rule as a list, entry n-1 for the n-th failure; its last entry holds for all later ones. */
export const LOCKOUT_SCHEDULE: readonly number[] = Array.from({ length: 15 }, (_, i) => lockoutSeconds(i + 1))

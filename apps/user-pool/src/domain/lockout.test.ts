import { expect, test } from 'vitest'
import { LOCKOUT_SCHEDULE, lockoutSeconds } from './lockout.ts'

test('four failures are free, the fifth costs a second, and each further one twice as much up to fifteen minutes', () => {
  const seconds = Array.from({ length: 17 }, (_, i) => lockoutSeconds(i))
  expect(seconds).toEqual([0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900])
})

test('the schedule is the rule, and ends where it no longer grows', () => {
  expect(LOCKOUT_SCHEDULE).toEqual(LOCKOUT_SCHEDULE.map((_, i) => lockoutSeconds(i + 1)))
  expect(LOCKOUT_SCHEDULE.at(-1)).toBe(lockoutSeconds(1000))
})

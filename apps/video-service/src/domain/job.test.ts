import { describe, expect, it } from 'vitest'
import { laneOf } from './job.ts'
import type { Plan, Sound } from './media/plan.ts'

const copied = { how: 'copy' } as Sound
const encoded = { how: 'encode' } as Sound
const plan = (how: 'copy' | 'encode' | undefined, ...sounds: Sound[]) =>
  ({ picture: how && { how }, sounds }) as unknown as Plan
const MIB = 1024 ** 2

describe('a film that was looked at', () => {
  it.each([
    ['is made at once where all of it is copied', plan('copy', copied), 9 * MIB, 7200, 'look'],
    ['is made at once where a minute of sound is encoded', plan('copy', encoded), 9 * MIB, 60, 'look'],
    ['waits with the copies where an hour of sound is encoded', plan('copy', encoded), 9 * MIB, 3600, 'copy'],
    ['waits with the copies where many sounds are', plan(undefined, encoded, encoded, encoded), MIB, 60, 'copy'],
    ['waits with the copies where nobody knows how long its sound is', plan('copy', encoded), MIB, undefined, 'copy'],
    ['waits with the copies where it is large', plan('copy', copied), 4096 * MIB, 60, 'copy'],
    ['waits for a preview where its picture is encoded', plan('encode', copied), MIB, 1, 'preview'],
  ] as const)('%s', (_, made, size, durationSeconds, lane) => {
    expect(laneOf(made, { size, durationSeconds })).toBe(lane)
  })
})

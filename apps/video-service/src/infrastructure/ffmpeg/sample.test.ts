import { describe, expect, it } from 'vitest'
import { sampleArguments, scoreIn } from './sample.ts'
import { abilities, encoded } from './test/plans.ts'

const rungs = [{ name: '720', width: 1280, height: 720, crf: 20, maxRate: 8_000_000 }]
const picture = encoded({ stream: 1, rungs })

describe('a sample', () => {
  it.each([
    [0, []],
    [2, ['0.333', '1.000', '1.667']],
    [180, ['30.000', '90.000', '150.000']],
    [36_000, ['3000.000', '9000.000', '15000.000', '21000.000', '27000.000', '33000.000']],
  ])('of %i s is taken at %j', (seconds, moments) => {
    const args = sampleArguments(picture, seconds, abilities)
    expect(args.filter((_, at) => args[at - 1] === '-ss')).toEqual(moments)
    expect(args).toContain('-crf:v:0')
  })

  it.each([
    ['[Parsed_libvmaf_0 @ 0x1] VMAF score: 93.348231\n', 93.348231],
    ['VMAF score: 100', 100],
    ['VMAF score: nan', undefined],
    ['Error opening input files: Invalid data found', undefined],
  ])('that says %j scores %s', (said, score) => {
    expect(scoreIn(said)).toBe(score)
  })
})

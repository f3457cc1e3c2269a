import { expect, it } from 'vitest'
import { type Plan, renditionCount } from '../../domain/media/plan.ts'
import { nameOf } from './announced.ts'

const rungs = [{ name: '720' }, { name: '480' }]
it.each([
  ['pictures and sounds', { picture: { rungs }, sounds: [{}, {}] }, ['720', '480', 'audio', 'audio1']],
  ['a picture alone', { picture: { rungs: rungs.slice(1) }, sounds: [] }, ['480']],
  ['sounds alone', { picture: undefined, sounds: [{}, {}] }, ['audio', 'audio1']],
])('the renditions of %s are named in the order of the plan', (_, parts, names) => {
  const plan = parts as unknown as Plan
  expect(Array.from({ length: renditionCount(plan) }, (_, output) => nameOf(plan, output))).toEqual(names)
})

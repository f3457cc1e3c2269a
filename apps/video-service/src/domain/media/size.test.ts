import { expect, it } from 'vitest'
import { fitLongSide, withLongSide } from './size.ts'

it.each([
  ['is made smaller', 1920, 1080, 640, 360],
  ['keeps its shape upright', 1080, 1920, 360, 640],
  ['is not made larger', 320, 240, 320, 240],
  ['gets even sides', 321, 241, 322, 242],
  ['keeps two points of a line', 4000, 1, 640, 2],
])('a picture that is to fit %s', (_, width, height, fitWidth, fitHeight) => {
  expect(fitLongSide({ width, height }, 640)).toEqual({ width: fitWidth, height: fitHeight })
})

it('a picture that is to have a long side is also made larger', () => {
  expect(withLongSide({ width: 80, height: 60 }, 160)).toEqual({ width: 160, height: 120 })
})

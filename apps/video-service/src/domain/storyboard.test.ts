import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LATE, planStoryboard, segmentsShown, storyboardTrack } from './storyboard.ts'

const hd = { width: 1920, height: 1080 }
const durations = fc.array(fc.double({ min: 0.1, max: 10, noNaN: true }), { minLength: 1, maxLength: 300 })
const sum = (numbers: readonly number[]) => numbers.reduce((all, each) => all + each, 0)

describe('a storyboard', () => {
  it('has a picture every two seconds, and a hundred of a long film', () => {
    expect(planStoryboard(9, hd)).toEqual({ everySeconds: 2, pictures: 5, columns: 5, width: 160, height: 90 })
    expect(planStoryboard(7200, hd)).toMatchObject({ everySeconds: 72, pictures: 100, columns: 10 })
    expect(planStoryboard(0.04, hd)).toMatchObject({ pictures: 1, columns: 1 })
  })

  it('keeps the shape of the picture, upright or not', () => {
    expect(planStoryboard(9, { width: 1080, height: 1920 })).toMatchObject({ width: 90, height: 160 })
    expect(planStoryboard(9, { width: 4000, height: 4 })).toMatchObject({ width: 160, height: 2 })
  })

  it('has one sheet of at most a hundred pictures that reach to the end of any film', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 360_000, noNaN: true }), (duration) => {
        const { pictures, everySeconds } = planStoryboard(duration, hd)
        expect(pictures).toBeLessThanOrEqual(100)
        expect(pictures * everySeconds).toBeGreaterThan(duration - 0.001)
        expect((pictures - 1) * everySeconds).toBeLessThan(duration)
      }),
    )
  })

  it('needs of each picture the last segment that begins about its moment, and no other', () => {
    fc.assert(
      fc.property(durations, (each) => {
        const board = planStoryboard(sum(each), hd)
        const begins = each.map((_, number) => sum(each.slice(0, number)))
        const moments = Array.from({ length: board.pictures }, (_, picture) => picture * board.everySeconds)
        const needed = moments.map((moment) => begins.findLastIndex((begin) => begin <= moment + LATE))
        expect(segmentsShown(board, each)).toEqual([...new Set(needed)])
      }),
    )
  })

  it('is told as WebVTT, each picture by its rectangle on the sheet', () => {
    const board = { everySeconds: 1830.5, pictures: 3, columns: 2, width: 160, height: 90 }
    expect(storyboardTrack(board, 'https://store/sheet.jpg?signed')).toBe(
      [
        'WEBVTT',
        '',
        '00:00:00.000 --> 00:30:30.500\nhttps://store/sheet.jpg?signed#xywh=0,0,160,90',
        '',
        '00:30:30.500 --> 01:01:01.000\nhttps://store/sheet.jpg?signed#xywh=160,0,160,90',
        '',
        '01:01:01.000 --> 01:31:31.500\nhttps://store/sheet.jpg?signed#xywh=0,90,160,90',
        '',
      ].join('\n'),
    )
  })
})

import { describe, expect, it } from 'vitest'
import { choiceInKey, chosenPosterKey, momentIn, pictureForPoster } from './poster.ts'

describe('the moment of a poster', () => {
  const durations = [2, 2, 1.5]
  it.each([
    [0, 0, 0],
    [1.99, 0, 1.99],
    [2, 1, 0],
    // Times that were added up are a little off.
    [1.999_999, 1, 0],
    [3.5, 1, 1.5],
    [5.5, 2, 1.5],
    // The sound may go on after the last picture.
    [9, 2, 5],
  ])('%d s lies in segment %d, after %d s of it', (at, number, into) => {
    const found = momentIn(durations, at)
    expect(found.number).toBe(number)
    expect(found.intoSeconds).toBeCloseTo(into)
  })
})

describe('the picture of a poster', () => {
  const sized = (width: number, height: number) => ({ name: `${height}`, kind: 'video' as const, width, height })
  const sound = { name: 'audio', kind: 'audio' as const, width: undefined, height: undefined }

  it('is taken of the smallest rendition that fills it', () => {
    const renditions = [sound, sized(1920, 1080), sized(426, 240), sized(854, 480), sized(1280, 720)]
    expect(pictureForPoster(renditions)?.name).toBe('480')
  })

  it('is taken of the largest where none fills it, and upright ones count by their height', () => {
    expect(pictureForPoster([sized(320, 180), sized(426, 240)])?.name).toBe('240')
    expect(pictureForPoster([sized(720, 1280), sized(360, 640)])?.name).toBe('640')
  })

  it('is none of sound alone', () => {
    expect(pictureForPoster([sound])).toBeUndefined()
  })
})

it('a choice is told by the key of its picture', () => {
  const key = chosenPosterKey({ owner: 'ana', jobId: 'j' }, 12)
  expect([key, choiceInKey(key)]).toEqual(['output/ana/j/posters/12.jpg', 12])
})

import { describe, expect, it } from 'vitest'
import type { EncodedPicture, Plan } from './plan.ts'
import { resumeAt } from './resume.ts'

const rung = (name: string) => ({ name, width: 16, height: 16, crf: 23, maxRate: 1 })
const plan = (changes: Partial<EncodedPicture> = {}): Plan => ({
  name: 'transcode',
  picture: {
    how: 'encode',
    stream: 0,
    codec: 'hevc',
    reserved: [],
    frameRate: 30,
    rungs: [rung('720'), rung('480')],
    deinterlace: false,
    hdr: undefined,
    evenRate: undefined,
    segmentSeconds: 2,
    ...changes,
  },
  sounds: [],
  download: 'top',
  poster: undefined,
})
/** Segments that begin then, of each picture. */
const whole = (best: readonly number[], smallest: readonly number[]) => (name: string) =>
  (name === '720' ? best : smallest).map((beginSeconds) => ({ beginSeconds }))

describe('a film that others began goes on', () => {
  it.each([
    ['with the last segment that all pictures have', [0, 2, 4], [0, 2, 4, 6], { from: 4, phase: 0 }],
    ['from its start where one picture has none', [], [0, 2, 4], { from: 0, phase: 0 }],
    ['from its start where one has but the first', [0], [0, 2, 4], { from: 0, phase: 0 }],
    ['where key frames are due as they were', [0.5, 2.5, 5], [0.5, 2.5, 5], { from: 5, phase: 0.5 }],
    ['a hair early', [0, 2, 3.9999], [0, 2, 3.9999], { from: 3.9999, phase: 0 }],
  ])('%s', (_, best, smallest, resume) => {
    expect(resumeAt(plan(), 'matroska,webm', whole(best, smallest))).toEqual(resume)
  })

  it.each([
    ['where frames are shown again', plan({ evenRate: 10 }), 'matroska,webm'],
    ['in a container without exact places', plan(), 'mpegts'],
    ['where it is copied', { ...plan(), picture: undefined }, 'mov,mp4'],
  ])('from its start %s', (_, other, container) => {
    expect(resumeAt(other, container, whole([0, 2, 4], [0, 2, 4]))).toEqual({ from: 0, phase: 0 })
  })
})

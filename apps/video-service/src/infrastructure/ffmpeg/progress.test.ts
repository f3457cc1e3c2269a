import { expect, it } from 'vitest'
import { ProgressReader } from './progress.ts'

it('ffmpeg moves on while its numbers change', () => {
  const reader = new ProgressReader()
  expect(reader.line('out_time_us=1500000')).toBe(true)
  expect(reader.line('frame=45')).toBe(true)
  expect(reader.seconds).toBe(1.5)
  expect(reader.line('out_time_us=1500000')).toBe(false)
  expect(reader.line('frame=45')).toBe(false)
  expect(reader.line('frame=46')).toBe(true)
})

it('lines that tell nothing of the film are no progress', () => {
  const reader = new ProgressReader()
  for (const line of ['progress=continue', 'speed=1.2x', 'bitrate=N/A', '']) expect(reader.line(line)).toBe(false)
})

it('a time that is not known yet is no time', () => {
  const reader = new ProgressReader()
  reader.line('out_time_us=N/A')
  expect(reader.seconds).toBe(0)
})

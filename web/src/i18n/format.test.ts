import { describe, expect, it } from 'vitest'
import { formats } from './format.ts'

const pt = formats('pt-BR', { bytes: ['B', 'kB', 'MB', 'GB', 'TB'], left: (text) => `faltam ${text}` })

describe('what a person reads', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1_500, '2 kB'],
    [1_250_000, '1,3 MB'],
    [999_960_000, '1 GB'],
    [5_000_000_000_000, '5 TB'],
  ])('%d bytes are %s', (bytes, text) => {
    expect(pt.bytes(bytes)).toBe(text)
  })

  it.each([
    [0, '0:00'],
    [67.9, '1:07'],
    [3729, '1:02:09'],
  ])('a film of %d s is %s long', (seconds, text) => {
    expect(pt.clock(seconds)).toBe(text)
  })

  it.each([
    [0.2, 'faltam 1 s'],
    [59.4, 'faltam 59 s'],
    [61, 'faltam 1 min'],
    [7500, 'faltam 2 h 5 min'],
    [7200, 'faltam 2 h'],
  ])('%d s to go are: %s', (seconds, text) => {
    expect(pt.left(seconds)).toBe(text)
  })

  it('percent never says 100 before the end', () => {
    expect(pt.percent(99.9)).toBe('99%')
    expect(pt.percent(100)).toBe('100%')
  })

  it('dates are São Paulo dates, day first', () => {
    expect(pt.dateTime('2026-01-16T01:30:00Z')).toBe('15/01/2026 22:30')
  })

  it('what happened lately is told by how long ago it was', () => {
    const now = Date.parse('2026-01-16T12:00:00Z')
    expect(pt.ago('2026-01-16T11:59:30Z', now)).toBe('agora')
    expect(pt.ago('2026-01-15T11:00:00Z', now)).toBe('ontem')
    expect(pt.ago('2026-01-16T09:00:00Z', now)).toBe('há 3 horas')
    expect(pt.ago('2025-01-16T09:00:00Z', now)).toBe('16/01/2025')
  })
})

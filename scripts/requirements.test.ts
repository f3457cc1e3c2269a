import { describe, expect, it } from 'vitest'
import { requirementsIn, shownIn, trace, traceCheckout } from './requirements.ts'

describe('requirements', () => {
  const markdown =
    '# Title\n\n- D3-27 Failures go to a DLQ. I\n- FX-1 A ZIP of images. E\nD3-28 is no line of the list\n'
  const source = `it('D3-27, D9-99: goes to the DLQ', async () => {})\nit('D3-27 is not at its head', () => {})`

  it('are told with the tests that name them', () => {
    const { rows } = trace(requirementsIn(markdown), shownIn('a.test.ts', source))
    expect(rows.map(({ id, tests }) => [id, tests.map(({ title }) => title)])).toEqual([
      ['D3-27', ['goes to the DLQ']],
      ['FX-1', []],
    ])
  })

  it('that a title names and nobody wrote down are told', () => {
    expect(trace(requirementsIn(markdown), shownIn('a.test.ts', source)).unknown).toEqual(['D9-99 in a.test.ts'])
  })

  it('of this house are each listed once, and no title names another', () => {
    const { rows, unknown } = traceCheckout()
    expect(unknown).toEqual([])
    const ids = rows.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids.length).toBeGreaterThan(200)
  })
})

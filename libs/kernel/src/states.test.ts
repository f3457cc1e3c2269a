import { describe, expect, it } from 'vitest'
import { defineStates } from './states.ts'

const loaf = defineStates({ dough: ['oven'], oven: ['dough', 'bread'], bread: [] })

describe('a table of moves', () => {
  it('allows the moves in it and no other', () => {
    expect(loaf.allows('dough', 'oven')).toBe(true)
    expect(loaf.allows('dough', 'bread')).toBe(false)
    expect(loaf.allows('bread', 'oven')).toBe(false)
  })

  it('tells where something may come from', () => {
    expect(loaf.before('oven')).toEqual(['dough'])
    expect(loaf.before('dough')).toEqual(['oven'])
  })

  it('knows its states and takes no move to another', () => {
    expect(loaf.all).toEqual(['dough', 'oven', 'bread'])
    // @ts-expect-error: there is no such state
    defineStates({ dough: ['cake'] })
  })
})

import { describe, expect, it } from 'vitest'
import { commandOf, nextSpeed } from './keys.ts'
import { PositionBook } from './positions.ts'

describe('the keys of the player', () => {
  it.each([
    [' ', { do: 'toggle' }],
    ['K', { do: 'toggle' }],
    ['j', { do: 'seek', by: -10 }],
    ['c', { do: 'captions' }],
    ['ArrowRight', { do: 'seek', by: 5 }],
    ['7', { do: 'jump', to: 0.7 }],
    ['>', { do: 'speed', by: 1 }],
  ])('%j does %j', (key, command) => {
    expect(commandOf(key)).toEqual(command)
  })

  it.each(['a', 'Enter', 'Tab', 'Escape', 'F5'])('%s is left to the browser', (key) => {
    expect(commandOf(key)).toBeUndefined()
  })

  it('speed goes step by step and stays at its ends', () => {
    expect(nextSpeed(1, 1)).toBe(1.25)
    expect(nextSpeed(1, -1)).toBe(0.75)
    expect(nextSpeed(2, 1)).toBe(2)
    expect(nextSpeed(0.25, -1)).toBe(0.25)
  })
})

describe('where a video was left', () => {
  const storage = () => {
    const kept = new Map<string, string>()
    return {
      kept,
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
    }
  }

  it('is remembered by its id', () => {
    const book = new PositionBook(storage())
    book.note('a', 61.7, 600)
    book.note('b', 30, 600)
    expect([book.of('a'), book.of('b'), book.of('c')]).toEqual([61, 30, 0])
  })

  it('is forgotten at the end, so that it begins anew', () => {
    const book = new PositionBook(storage())
    book.note('a', 61, 600)
    book.note('a', 595, 600)
    expect(book.of('a')).toBe(0)
  })

  it('is kept for the last 200 videos', () => {
    const book = new PositionBook(storage())
    for (let i = 0; i < 250; i++) book.note(`v${i}`, 20, 600)
    expect([book.of('v49'), book.of('v50'), book.of('v249')]).toEqual([0, 20, 20])
  })

  it('survives a storage that holds nonsense', () => {
    const odd = storage()
    odd.setItem('balcao.posicoes', '{"not": "a list"')
    expect(new PositionBook(odd).of('a')).toBe(0)
  })
})

import { expect, test } from 'vitest'
import { Turns } from './turns.ts'

test('work under one name runs in order, one at a time; under another name beside it', async () => {
  const turns = new Turns()
  const seen: string[] = []
  const open = Promise.withResolvers<void>()
  const work = (name: string, wait: Promise<void>) =>
    turns.take(name[0]!, async () => {
      seen.push(`${name} begins`)
      await wait
      seen.push(`${name} ends`)
    })
  const first = work('a1', open.promise)
  const second = work('a2', Promise.resolve())
  await work('b1', Promise.resolve())
  open.resolve()
  await Promise.all([first, second])
  expect(seen).toEqual(['a1 begins', 'b1 begins', 'b1 ends', 'a1 ends', 'a2 begins', 'a2 ends'])
})

test('a failure is its own', async () => {
  const turns = new Turns()
  const failing = turns.take('a', () => Promise.reject(new Error('no')))
  const next = turns.take('a', async () => 'yes')
  await expect(failing).rejects.toThrow('no')
  await expect(next).resolves.toBe('yes')
})

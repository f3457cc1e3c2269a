import { expect, it } from 'vitest'
import { eachOf } from './each-of.ts'

it('does something with each, a few at a time', async () => {
  let [now, most] = [0, 0]
  const seen: number[] = []
  await eachOf([1, 2, 3, 4, 5, 6, 7], { atOnce: 3 }, async (n) => {
    most = Math.max(most, ++now)
    await Promise.resolve()
    now--
    seen.push(n)
  })
  expect(seen.sort()).toEqual([1, 2, 3, 4, 5, 6, 7])
  expect(most).toBe(3)
})

it('begins no other where it fails with one, waits for what is on its way, and tells the first error', async () => {
  const ended: number[] = []
  let goOn = () => {}
  const slow = new Promise<void>((resolve) => (goOn = resolve))
  const all = eachOf([1, 2, 3, 4], { atOnce: 2 }, async (n) => {
    if (n === 1) throw new Error('the first')
    await slow
    ended.push(n)
    throw new Error('the second')
  })
  goOn()
  await expect(all).rejects.toThrow('the first')
  expect(ended).toEqual([2])
})

import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { beside } from './beside.ts'

const forever = new AbortController().signal
const fails = (why: string) => async () => {
  throw new Error(why)
}
/** Ends only when it is told to. */
const until = (signal: AbortSignal) => delay(60_000, undefined, { signal })

describe('what is done beside what counts', () => {
  it('is over before that begins, where it is quick', async () => {
    const order: string[] = []
    const made = await beside(
      forever,
      async () => order.push('film'),
      async () => delay(20).then(() => order.push('subtitles')),
    )
    expect(order).toEqual(['subtitles', 'film'])
    expect(made).toBe(2)
  })

  it('goes on beside it where it takes longer, and is waited for', async () => {
    const order: string[] = []
    await beside(
      forever,
      async () => order.push('film'),
      async () => delay(1200).then(() => order.push('subtitles')),
    )
    expect(order).toEqual(['film', 'subtitles'])
  })

  it('ends when that fails', async () => {
    await expect(beside(forever, fails('film'), until)).rejects.toThrow('film')
  })

  it('ends that when it fails', async () => {
    await expect(beside(forever, until, fails('subtitles'))).rejects.toThrow('subtitles')
  })

  it('ends with it where the worker hands back', async () => {
    const stop = new AbortController()
    const over = beside(stop.signal, until, until)
    stop.abort(new Error('hand back'))
    await expect(over).rejects.toThrow('hand back')
  })
})

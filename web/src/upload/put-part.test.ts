import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { putPart, SILENCE_MS } from './put-part.ts'

/** The browser's own, as far as a part uses it. */
class Request {
  static latest: Request
  readonly upload: { onprogress?: (event: { loaded: number }) => void } = {}
  status = 0
  onload?: () => void
  onabort?: () => void
  onloadend?: () => void

  constructor() {
    Request.latest = this
  }
  open() {}
  send() {}
  abort() {
    this.onabort?.()
    this.onloadend?.()
  }
  answer(status: number) {
    this.status = status
    this.onload?.()
    this.onloadend?.()
  }
}

describe('a part on its way', () => {
  const onProgress = vi.fn()
  const start = (stop = new AbortController()) =>
    putPart('http://store/part', new Blob(['x']), { onProgress, signal: stop.signal })

  beforeEach(() => {
    vi.useFakeTimers()
    vi.stubGlobal('XMLHttpRequest', Request)
  })
  afterEach(() => {
    vi.useRealTimers()
    vi.unstubAllGlobals()
  })

  it('that is slow but moves is left alone', async () => {
    const sent = start()
    for (let loaded = 1; loaded <= 5; loaded++) {
      vi.advanceTimersByTime(SILENCE_MS - 1)
      Request.latest.upload.onprogress!({ loaded })
    }
    Request.latest.answer(200)
    expect(await sent).toBe(200)
    expect(onProgress).toHaveBeenLastCalledWith(5)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('that stands still is lost after two minutes', async () => {
    const sent = start()
    vi.advanceTimersByTime(SILENCE_MS)
    expect(await sent).toBe(0)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('is stopped when the person says so', async () => {
    const stop = new AbortController()
    const sent = start(stop)
    stop.abort()
    await expect(sent).rejects.toThrow('stopped')
    expect(vi.getTimerCount()).toBe(0)
  })
})

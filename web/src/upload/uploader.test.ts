import type { Upload, Video } from '@balcao/contracts'
import { describe, expect, it, vi } from 'vitest'
import { backOff } from '../api/back-off.ts'
import { ProblemError } from '../api/call.ts'
import { fingerprint } from './fingerprint.ts'
import type { PutPart } from './put-part.ts'
import { SpeedMeter } from './speed-meter.ts'
import type { UploadApi } from './upload-api.ts'
import { Uploader, type UploaderOptions } from './uploader.ts'

const PART = 10

/** A server and store of one person, in memory: what is stored is what was put. */
class World implements UploadApi {
  readonly uploads = new Map<string, Upload>()
  readonly parts = new Map<string, Map<number, string>>()
  readonly completed: string[] = []
  readonly known: string[] = []
  signatures = 0
  most = 0
  now = 0
  #flying = 0
  /** What the store answers next, before it takes parts again. */
  answers: (number | 'hang' | undefined)[] = []
  completions: ProblemError[] = []
  /** How often it was asked what is stored. */
  asked = 0
  /** Holds back parts until it is called; then they arrive. */
  #gate: Promise<void> = Promise.resolve()

  /** From now on parts leave halfway and wait. @returns lets them arrive */
  holdParts(): () => void {
    let open = () => {}
    this.#gate = new Promise((resolve) => {
      open = resolve
    })
    return open
  }

  start = async ({ fileName, size, fingerprint }: { fileName: string; size: number; fingerprint?: string }) => {
    const videoId = `v${this.uploads.size + 1}`
    const upload: Upload = {
      videoId,
      fileName,
      size,
      partSize: PART,
      partCount: Math.ceil(size / PART),
      fingerprint: fingerprint ?? null,
      createdAt: '2026-01-15T12:00:00Z',
    }
    this.uploads.set(videoId, upload)
    this.parts.set(videoId, new Map())
    return upload
  }
  pending = async () => [...this.uploads.values()].filter(({ videoId }) => !this.completed.includes(videoId))
  storedParts = async (id: string) => {
    this.asked++
    if (this.completed.includes(id)) throw new ProblemError('upload/completed', 409)
    const parts = this.parts.get(id)
    if (!parts) throw new ProblemError('upload/gone', 404)
    return [...parts].map(([partNumber, text]) => ({ partNumber, size: text.length }))
  }
  sign = async (id: string, partNumbers: number[]) => {
    this.signatures++
    const items = partNumbers.map((partNumber) => ({
      partNumber,
      size: PART,
      url: `${id}/${partNumber}/${this.signatures}`,
    }))
    return { items, expiresIn: 3600 }
  }
  complete = async (id: string) => {
    const refusal = this.completions.shift()
    if (refusal) throw refusal
    this.completed.push(id)
    return {} as Video
  }
  abort = async (id: string) => {
    this.uploads.delete(id)
    this.parts.delete(id)
  }
  isKnown = async (fileName: string) => this.known.includes(fileName)

  put: PutPart = async (url, part, { onProgress, signal }) => {
    this.most = Math.max(this.most, ++this.#flying)
    try {
      const answer = this.answers.shift()
      if (answer === 'hang') {
        await new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('stopped'))))
      }
      onProgress(part.size / 2)
      await Promise.race([
        this.#gate,
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('stopped')))),
      ])
      if (typeof answer === 'number') return answer
      const [id, number] = url.split('/')
      onProgress(part.size)
      this.parts.get(id!)!.set(Number(number), await part.text())
      return 200
    } finally {
      this.#flying--
    }
  }

  bytes(id: string): string {
    return [...this.parts.get(id)!]
      .sort(([a], [b]) => a - b)
      .map(([, text]) => text)
      .join('')
  }
}

const file = (name: string, text: string) => new File([text], name, { lastModified: 1 })
const film = (parts: number) => Array.from({ length: parts }, (_, i) => String(i % 10).repeat(PART)).join('')

function uploaderOf(world: World, options: Partial<UploaderOptions> = {}) {
  return new Uploader({ api: world, put: world.put, hold: async () => () => {}, delay: () => 0, ...options })
}
const state = (uploader: Uploader) => uploader.views.map((view) => view.state).join()

describe('an upload', () => {
  it('arrives whole, in parts, with at most four on their way over all files', async () => {
    const world = new World()
    const uploader = uploaderOf(world)
    await uploader.add([file('a.mp4', `${film(37)}end`), file('b.mp4', film(3))])
    await vi.waitFor(() => expect(state(uploader)).toBe('done,done'))
    expect(world.bytes('v1')).toBe(`${film(37)}end`)
    expect(world.bytes('v2')).toBe(film(3))
    expect(world.completed.sort()).toEqual(['v1', 'v2'])
    expect(world.most).toBe(4)
    expect(world.signatures).toBeLessThan(8)
  })

  it('signs again when a URL is refused, and tries again when nothing answers', async () => {
    const world = new World()
    world.answers = [403, 0, 503]
    const uploader = uploaderOf(world)
    await uploader.add([file('a.mp4', film(6))])
    await vi.waitFor(() => expect(state(uploader)).toBe('done'))
    expect(world.bytes('v1')).toBe(film(6))
    expect(world.signatures).toBeGreaterThan(1)
  })

  it('is handed to the person when the store never answers, and goes on when they say so', async () => {
    const world = new World()
    world.answers = Array(30).fill(0)
    const uploader = uploaderOf(world)
    await uploader.add([file('a.mp4', film(2))])
    await vi.waitFor(() => expect(state(uploader)).toBe('failed'))
    expect(uploader.views[0]!.problem!.code).toBe('upload/no_answer')
    world.answers = []
    uploader.resume(uploader.views[0]!.id)
    await vi.waitFor(() => expect(state(uploader)).toBe('done'))
  })

  it('counts an outage once, however many parts it meets', async () => {
    const world = new World()
    world.answers = Array(4 * 8).fill(0)
    const delay = vi.fn(() => 0)
    const uploader = uploaderOf(world, { delay })
    await uploader.add([file('a.mp4', film(6))])
    await vi.waitFor(() => expect(state(uploader)).toBe('done'))
    expect(delay.mock.calls).toEqual([[1], [2], [3], [4], [5], [6], [7], [8]])
  })

  it('lets the parts on their way arrive when paused, sends no more, and goes on from there', async () => {
    const world = new World()
    const arrive = world.holdParts()
    const put = vi.fn(world.put)
    const uploader = uploaderOf(world, { put })
    await uploader.add([file('a.mp4', film(6))])
    await vi.waitFor(() => expect(uploader.views[0]?.sent).toBe(20))
    const { id } = uploader.views[0]!
    uploader.pause(id)
    await vi.waitFor(() => expect(state(uploader)).toBe('pausing'))
    expect(uploader.busy).toBe(true)
    arrive()
    await vi.waitFor(() => expect(state(uploader)).toBe('paused'))
    expect(uploader.views[0]!.sent).toBe(40)
    expect(put).toHaveBeenCalledTimes(4)
    uploader.resume(id)
    await vi.waitFor(() => expect(state(uploader)).toBe('done'))
    expect(put).toHaveBeenCalledTimes(6)
    expect(world.bytes('v1')).toBe(film(6))
  })

  it('paused twice stops at once and keeps what arrived before', async () => {
    const world = new World()
    world.answers = [undefined, undefined, 'hang', 'hang', 'hang', 'hang']
    const uploader = uploaderOf(world)
    await uploader.add([file('a.mp4', film(6))])
    await vi.waitFor(() => expect(uploader.views[0]?.sent).toBe(20))
    const { id } = uploader.views[0]!
    uploader.pause(id)
    uploader.pause(id)
    await vi.waitFor(() => expect(state(uploader)).toBe('paused'))
    expect(uploader.views[0]!.sent).toBe(20)
    uploader.resume(id)
    await vi.waitFor(() => expect(state(uploader)).toBe('done'))
    expect(world.bytes('v1')).toBe(film(6))
  })

  it('whose last part arrives while it is paused is completed when it goes on', async () => {
    const world = new World()
    const arrive = world.holdParts()
    const uploader = uploaderOf(world)
    await uploader.add([file('a.mp4', film(2))])
    await vi.waitFor(() => expect(uploader.views[0]?.sent).toBe(10))
    uploader.pause(uploader.views[0]!.id)
    arrive()
    await vi.waitFor(() => expect(state(uploader)).toBe('paused'))
    expect(world.completed).toEqual([])
    uploader.resume(uploader.views[0]!.id)
    await vi.waitFor(() => expect(state(uploader)).toBe('done'))
  })

  it('given up leaves nothing at the server', async () => {
    const world = new World()
    world.answers = Array(4).fill('hang')
    const uploader = uploaderOf(world)
    await uploader.add([file('a.mp4', film(6))])
    await vi.waitFor(() => expect(state(uploader)).toBe('uploading'))
    await uploader.remove(uploader.views[0]!.id)
    await vi.waitFor(() => expect(uploader.views).toEqual([]))
    expect(world.uploads.size).toBe(0)
  })

  it('asks what is there when its completion is refused, and sends what is missing', async () => {
    const world = new World()
    world.completions = [new ProblemError('upload/parts_missing', 409)]
    const uploader = uploaderOf(world)
    await uploader.add([file('a.mp4', film(3))])
    await vi.waitFor(() => expect(state(uploader)).toBe('done'))
    expect(world.completed).toEqual(['v1'])
    expect(world.asked).toBe(1)
  })

  it('is completed again when the answer was lost, and is done when it had gone through', async () => {
    const world = new World()
    const lost = vi.fn(world.complete)
    world.complete = async (id) => {
      await lost(id)
      if (lost.mock.calls.length < 3) throw new ProblemError('network/unreachable', 0)
      return {} as Video
    }
    const uploader = uploaderOf(world)
    await uploader.add([file('a.mp4', film(3))])
    await vi.waitFor(() => expect(state(uploader)).toBe('done'))
    expect(lost).toHaveBeenCalledTimes(3)
  })

  it('that the person takes up again after it had gone through is done', async () => {
    const world = new World()
    const through = world.complete
    world.complete = async (id) => {
      await through(id)
      throw new ProblemError('auth/session_ended', 401)
    }
    const uploader = uploaderOf(world)
    await uploader.add([file('a.mp4', film(3))])
    await vi.waitFor(() => expect(state(uploader)).toBe('failed'))
    uploader.resume(uploader.views[0]!.id)
    await vi.waitFor(() => expect(state(uploader)).toBe('done'))
  })

  it.each([
    ['upload/empty', file('nada.mp4', '')],
    ['upload/too_large', Object.defineProperty(file('grande.mp4', 'x'), 'size', { value: 5_000_000_000_001 })],
  ])('that cannot be is refused as %s before anything is asked', async (code, wrong) => {
    const world = new World()
    const uploader = uploaderOf(world)
    await uploader.add([wrong])
    await vi.waitFor(() => expect(state(uploader)).toBe('failed'))
    expect(uploader.views[0]!.problem!.code).toBe(code)
    expect(world.uploads.size).toBe(0)
  })
})

describe('after a reload', () => {
  async function halfSent() {
    const world = new World()
    const upload = await world.start({
      fileName: 'a.mp4',
      size: 60,
      fingerprint: await fingerprint(file('a.mp4', film(6))),
    })
    world.parts.get(upload.videoId)!.set(2, film(6).slice(10, 20)).set(3, 'short')
    return world
  }

  it('an upload waits for its file, and sends only the parts that are missing or short', async () => {
    const world = await halfSent()
    const put = vi.fn(world.put)
    const uploader = uploaderOf(world, { put })
    await uploader.recall(async () => false)
    await vi.waitFor(() => expect(state(uploader)).toBe('needs_file'))
    expect(uploader.views[0]!.sent).toBe(10)
    expect(await uploader.provide(uploader.views[0]!.id, file('a.mp4', film(5)))).toBe(false)
    expect(await uploader.provide(uploader.views[0]!.id, file('a.mp4', film(6)))).toBe(true)
    await vi.waitFor(() => expect(state(uploader)).toBe('done'))
    expect(world.bytes('v1')).toBe(film(6))
    expect(put).toHaveBeenCalledTimes(5)
  })

  it('dropping the same file again is enough', async () => {
    const world = await halfSent()
    const uploader = uploaderOf(world)
    await uploader.recall(async () => false)
    expect(await uploader.add([file('a.mp4', film(6))])).toBe(0)
    await vi.waitFor(() => expect(state(uploader)).toBe('done'))
    expect(world.uploads.size).toBe(1)
  })

  it('what another tab is sending is left to it', async () => {
    const world = await halfSent()
    const uploader = uploaderOf(world, { hold: async () => undefined })
    await uploader.recall(async () => false)
    expect(uploader.views).toEqual([])
  })
})

describe('a file that is already there', () => {
  it('in the list is not taken twice', async () => {
    const world = new World()
    world.answers = Array(4).fill('hang')
    const uploader = uploaderOf(world)
    await uploader.add([file('a.mp4', film(6))])
    expect(await uploader.add([file('a.mp4', film(6))])).toBe(1)
    await vi.waitFor(() => expect(uploader.views).toHaveLength(1))
    uploader.clear()
  })

  it('in the library is asked about, and sent when the person wants it', async () => {
    const world = new World()
    world.known.push('a.mp4')
    const uploader = uploaderOf(world)
    await uploader.add([file('a.mp4', film(2))])
    await vi.waitFor(() => expect(state(uploader)).toBe('duplicate'))
    expect(world.uploads.size).toBe(0)
    uploader.resume(uploader.views[0]!.id)
    await vi.waitFor(() => expect(state(uploader)).toBe('done'))
  })
})

describe('the numbers of an upload', () => {
  it('speed is that of the last seconds', () => {
    const meter = new SpeedMeter()
    expect(meter.perSecond).toBeUndefined()
    meter.note(0, 0)
    meter.note(1_000_000, 1000)
    expect(meter.perSecond).toBe(1_000_000)
    for (let at = 2000; at <= 20_000; at += 1000) meter.note(1_000_000 + (at - 1000) * 2000, at)
    expect(meter.perSecond).toBe(2_000_000)
  })

  it('the wait doubles up to half a minute, and part of it is chance', () => {
    expect([1, 2, 3, 20].map((failures) => backOff(failures, () => 1))).toEqual([500, 1000, 2000, 30_000])
    expect(backOff(3, () => 0)).toBe(1000)
  })

  it('a fingerprint changes with name, size and date, and says none of them', async () => {
    const prints = await Promise.all([
      fingerprint({ name: 'a', size: 1, lastModified: 1 }),
      fingerprint({ name: 'b', size: 1, lastModified: 1 }),
      fingerprint({ name: 'a', size: 2, lastModified: 1 }),
      fingerprint({ name: 'a', size: 1, lastModified: 2 }),
    ])
    expect(new Set(prints).size).toBe(4)
    expect(prints[0]).toMatch(/^[0-9a-f]{64}$/)
  })
})

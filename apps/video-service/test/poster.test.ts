import { readFile, writeFile } from 'node:fs/promises'
import { ManualClock } from '@balcao/kernel'
import { objectStore } from '@balcao/object-store'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { MakePoster } from '../src/application/library/make-poster.ts'
import type { Needs } from '../src/application/needs.ts'
import { postersOf } from '../src/domain/poster.ts'
import { h264, openClips } from './clips.ts'
import { filmOf, type House, openHouse, processed, processFile, queuedVideo } from './support.ts'

const SECONDS = 9
const RATE = 30
// From the real time on, because the store's addresses are looked at.
const clock = new ManualClock(new Date())
const forever = new AbortController().signal
let house: House
let clips: Awaited<ReturnType<typeof openClips>>
let film: { id: string; jobId: string }
beforeAll(async () => {
  house = await openHouse({ clock, store: objectStore })
  clips = await openClips()
})
afterAll(async () => {
  await house?.close()
  await clips?.remove()
})

const ana = (method: string, path: string, body?: unknown) => house.as('ana')(method, path, body)
const video = async (id = film.id) => (await ana('GET', `/videos/${id}`)).body
const choose = (atSeconds: number, id = film.id) => ana('PUT', `/videos/${id}/poster`, { atSeconds })
const back = (id = film.id) => ana('DELETE', `/videos/${id}/poster`)
/** What a worker does with a message. */
const work = (change: Partial<Needs> = {}, id = film.id) =>
  new MakePoster({ ...house.need, ...change }).run({ owner: 'ana', videoId: id }, forever)

/** A port that does something else in one respect. */
const strange = <Port extends object>(port: Port, change: Partial<Port>): Port =>
  new Proxy(port, {
    get: (_, name: keyof Port & string) => {
      const own = change[name] ?? port[name]
      return typeof own === 'function' ? own.bind(port) : own
    },
  })

/** A film of one grey for each step, from dark to bright. @param step of the frame's number `N`, or of its second `T` */
const grey = (step: string, seconds = SECONDS) =>
  ['-f', 'lavfi', '-i', `color=black:s=640x360:r=${RATE}:d=${seconds},geq=lum='16+20*${step}':cb=128:cr=128`] as const
const tone = ['-f', 'lavfi', '-i', `sine=440:r=48000:d=${SECONDS}`] as const
const made = async (name: string, args: readonly string[]) => {
  const done = await processFile(house, 'ana', await clips.made(name, args))
  expect([done.state, done.stumbles]).toEqual(['ready', []])
  return done
}

/** Which grey the poster that is shown is of, and how large it is. */
async function shown(id = film.id) {
  const answer = await fetch((await video(id)).posterUrl)
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/jpeg'])
  await writeFile(clips.path('poster.jpg'), Buffer.from(await answer.arrayBuffer()))
  await clips.made('one.gray', ['-i', 'poster.jpg', '-vf', 'format=gray', '-f', 'rawvideo'])
  const [value] = await readFile(clips.path('one.gray'))
  // What is 16 … 235 in a film is 0 … 255 in a JPEG.
  return Math.round((value! * 219) / 255 / 20)
}

/** Pictures of choices that the store holds, by their numbers. */
async function kept({ jobId } = film) {
  const prefix = postersOf({ owner: 'ana', jobId })
  const names: string[] = []
  for await (const { key } of house.need.media.list(prefix)) names.push(key.slice(prefix.length))
  return names
}

describe('a poster of the moment that its owner chose', () => {
  it.each<[plan: string, name: string, options: readonly string[]]>([
    ['is encoded', 'encoded.mkv', ['-c:v', 'mpeg4', '-q:v', '2', '-c:a', 'ac3']],
    ['is copied', 'copied.mkv', h264],
    ['is copied with few key frames and frames out of order', 'few.mkv', [...h264, '-g', '90', '-bf', '2']],
    ['is served as it is', 'served.mp4', [...h264, '-movflags', '+faststart']],
  ])('shows that moment of a film that %s', async (_, name, options) => {
    const { id } = await made(name, [...grey('floor(T)'), ...tone, ...options])
    for (const second of [0, 1, 5, SECONDS - 1]) {
      await choose(second + 0.5, id)
      await work({}, id)
      expect(await shown(id)).toBe(second)
    }
    await choose((await video(id)).durationSeconds, id)
    await work({}, id)
    expect(await shown(id)).toBe(SECONDS - 1)
  })

  it('is that very frame', async () => {
    const { id } = await made('frames.mp4', [...grey('mod(N\\,10)', 4), ...h264, '-movflags', '+faststart'])
    for (const frame of [0, 1, 29, 30, 59, 63, 119]) {
      // As it begins, and shortly before it ends.
      for (const moment of [frame / RATE, (frame + 0.8) / RATE]) {
        await choose(moment, id)
        await work({}, id)
        expect([moment, await shown(id)]).toEqual([moment, frame % 10])
      }
    }
  })

  it('is upright, of the size of others, and tells nothing else', async () => {
    const { id } = await made('wide.mp4', [
      ...['-f', 'lavfi', '-i', 'testsrc2=s=1280x720:r=30:d=3', ...h264],
      ...['-metadata', 'location=SECRET', '-movflags', '+faststart+use_metadata_tags'],
    ])
    await clips.turned('wide.mp4')
    const turned = await processFile(house, 'ana', clips.path('wide.mp4'))
    for (const [which, size] of [
      [id, '640x360'],
      [turned.id, '360x640'],
    ] as const) {
      await choose(1.2, which)
      await work({}, which)
      const bytes = Buffer.from(await (await fetch((await video(which)).posterUrl)).arrayBuffer())
      expect(sizeOf(bytes)).toBe(size)
      expect(bytes.includes('SECRET')).toBe(false)
    }
  })
})

/** Of a baseline JPEG (ITU-T T.81 §B.2.2). */
function sizeOf(jpeg: Buffer): string {
  const frame = jpeg.indexOf(Buffer.from([0xff, 0xc0]))
  return `${jpeg.readUInt16BE(frame + 7)}x${jpeg.readUInt16BE(frame + 5)}`
}

describe('a choice', () => {
  beforeEach(async () => {
    film ??= await made('chosen.mp4', [...grey('floor(T)'), ...h264, '-movflags', '+faststart'])
    await back()
    await work()
  })

  it('is told of at once, and shown once its picture is there', async () => {
    const automatic = (await video()).posterUrl
    const { status, body } = await choose(3.5)
    expect([status, body]).toMatchObject([202, { posterAtSeconds: 3.5, posterPending: true, posterUrl: automatic }])
    await work()
    expect(await video()).toMatchObject({ posterAtSeconds: 3.5, posterPending: false })
    expect(await shown()).toBe(3)
  })

  it('is given up for the automatic one at once, and nothing is left of it', async () => {
    const automatic = (await video()).posterUrl
    await choose(3.5)
    await work()
    const { posterUrl } = await video()
    const { status, body } = await back()
    expect([status, body]).toMatchObject([200, { posterAtSeconds: null, posterPending: false, posterUrl: automatic }])
    await work()
    expect([await kept(), (await fetch(posterUrl)).status]).toEqual([[], 404])
    expect((await back()).status).toBe(200)
  })

  it('that is made again has an address of its own, and only the last one is kept', async () => {
    const addresses = new Set<string>()
    for (const moment of [1.5, 2.5, 1.5]) {
      await choose(moment)
      await work()
      addresses.add((await video()).posterUrl.split('?')[0])
      expect(await kept()).toHaveLength(1)
    }
    expect(addresses.size).toBe(3)
  })

  it('that is the same as before is none', async () => {
    await choose(3.5)
    await work()
    expect((await choose(3.5)).body.posterPending).toBe(false)
  })

  it('of several at once is the last', async () => {
    await Promise.all([1.5, 2.5, 3.5, 4.5].map((moment) => choose(moment)))
    const { posterAtSeconds } = await video()
    await Promise.all([work(), work()])
    expect([await shown(), (await kept()).length]).toEqual([Math.floor(posterAtSeconds), 1])
  })

  it('that is overtaken while its picture is made changes nothing', async () => {
    await choose(1.5)
    const { media } = house.need
    const late: typeof media.put = async (...given) => {
      await choose(5.5)
      await work()
      return media.put(...given)
    }
    await work({ media: strange(media, { put: late }) })
    expect([await shown(), (await kept()).length]).toEqual([5, 1])
  })

  it('whose worker is killed before it says so is made again, or goes with the next one', async () => {
    const killed = strange(house.need.posters, { made: () => Promise.reject(new Error('killed')) })
    await choose(1.5)
    await expect(work({ posters: killed })).rejects.toThrow('killed')
    expect((await video()).posterPending).toBe(true)
    await work()
    expect([await shown(), (await kept()).length]).toEqual([1, 1])
    await choose(2.5)
    await expect(work({ posters: killed })).rejects.toThrow('killed')
    await back()
    await work()
    expect(await kept()).toEqual([])
  })

  it('whose message was lost is found', async () => {
    const { id, messages } = await chosenSilently()
    await house.video.sweepJobs.run()
    expect(await messages()).toBe(0)
    clock.advance(61)
    await house.video.sweepJobs.run()
    expect(await messages()).toBe(1)
    await house.need.posters.choose(id, undefined, clock.now())
  })

  it('of which no picture comes is withdrawn', async () => {
    const rendition = async () => ({ init: { key: '' }, complete: true, segments: [] })
    await choose(1.5)
    await work({ packed: strange(house.need.packed, { rendition }) })
    expect(await video()).toMatchObject({ posterAtSeconds: null, posterPending: false })
    expect(await kept()).toEqual([])
  })

  it('survives what is made of the film later', async () => {
    await choose(1.5)
    await work()
    const { films } = house.need
    const attempt = { id: film.jobId, videoId: film.id, owner: 'ana', number: 7 } as Parameters<typeof filmOf>[0]
    const { mp4 } = await house.need.videos.get('ana', film.id)
    await films.setPoster(film.id, 'output/other.jpg')
    const { outcome } = filmOf(attempt, { mp4: mp4!, durationSeconds: SECONDS })
    await house.need.films.complete({ videoId: film.id, number: 1 }, outcome, clock.now())
    await films.forget({ ...attempt, film: 7 }, `output/ana/${film.jobId}/7/`)
    expect(await video()).toMatchObject({ posterAtSeconds: 1.5, posterPending: false })
    expect(await shown()).toBe(1)
  })

  it('of a film in the trash waits until it is taken back', async () => {
    await choose(1.5)
    await ana('DELETE', `/videos/${film.id}`)
    await work()
    expect(await kept()).toEqual([])
    const { body } = await choose(2.5)
    expect([body.code, (await back()).body.code]).toEqual(['video/in_trash', 'video/in_trash'])
    await ana('POST', `/videos/${film.id}/restore`)
    await work()
    expect(await shown()).toBe(1)
  })

  it('of a film that is taken back is told of again', async () => {
    const { id, messages } = await chosenSilently()
    await ana('DELETE', `/videos/${id}`)
    expect(await messages()).toBe(0)
    await ana('POST', `/videos/${id}/restore`)
    expect(await messages()).toBe(1)
  })
})

/** A choice of which no message tells, and how many tell of it since. */
async function chosenSilently() {
  const { id, jobId } = await queuedVideo(house, 'ana')
  await processed(house, jobId, 'ready')
  const all = async () => (await house.platform.queueStats.counts('make-poster')).waiting
  await house.need.posters.choose(id, 1.5, clock.now())
  const before = await all()
  return { id, messages: async () => (await all()) - before }
}

describe('no moment can be chosen', () => {
  it('D3-23: of another person’s film, nor of one that is not there', async () => {
    const answer = await house.as('bia')('PUT', `/videos/${film.id}/poster`, { atSeconds: 1 })
    expect([answer.status, answer.body.code]).toEqual([404, 'video/not_found'])
    expect((await house.as('bia')('DELETE', `/videos/${film.id}/poster`)).status).toBe(404)
    expect((await choose(1, 'x')).status).toBe(404)
  })

  it('that the film does not have', async () => {
    const { status, body } = await choose(SECONDS + 1)
    expect([status, body.code, body.details.field]).toEqual([400, 'poster/outside', 'atSeconds'])
    for (const wrong of [-1, 'x', null]) expect((await choose(wrong as number)).body.code).toBe('request/invalid')
  })

  it('before it is ready, nor of sound', async () => {
    const young = await queuedVideo(house, 'ana')
    expect((await choose(1, young.id)).body.code).toBe('poster/not_ready')
    await processed(house, young.jobId, 'live')
    expect((await choose(1, young.id)).body.code).toBe('poster/not_ready')
    const { id } = await processFile(house, 'ana', await clips.film('sound.mp3', ['-vn'], { seconds: 2 }))
    expect((await choose(1, id)).body.code).toBe('poster/no_picture')
  })
})

it('nothing is left of a poster once its film is erased', async () => {
  await choose(4.5)
  await work()
  await ana('DELETE', `/videos/${film.id}`)
  clock.advance(31 * 86_400)
  await house.video.sweepTrash.run()
  expect(await kept()).toEqual([])
  await work()
})

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { framesRoutes, Problem, type Route, videoRoutes, videoSettingsRoutes } from '@balcao/contracts'
import { AppError, type Clock, newId, randomToken, systemClock } from '@balcao/kernel'
import { objectStore } from '@balcao/object-store'
import type { AnyService, Identity, Platform, TokenVerifier } from '@balcao/platform'
import { startWork } from '@balcao/platform/open'
import { startService, testApi, testPlatform } from '@balcao/testing'
import { afterAll, beforeAll, expect } from 'vitest'
import type { Needs } from '../src/application/needs.ts'
import type { Outcome } from '../src/application/ports/films.ts'
import { type FilmAttempt, outputPrefix } from '../src/application/ports/jobs.ts'
import { FilmJobs } from '../src/application/processing/film-jobs.ts'
import type { Film } from '../src/application/processing/make-film.ts'
import { ProcessVideo } from '../src/application/processing/process-video.ts'
import { uploadKey } from '../src/domain/video.ts'
import { videoService } from '../src/index.ts'
import { FfmpegTranscoder } from '../src/infrastructure/ffmpeg/ffmpeg-transcoder.ts'
import { needsOf, useCasesOf, type VideoUseCases } from '../src/open.ts'
import { openClips } from './clips.ts'

/** Tokens whose text is the user id; `short:` before it makes one that expires within half a second.
 *  @param reading a token takes as long as this does */
const tokens = (clock: () => Date, reading: (token: string) => unknown = () => undefined): TokenVerifier => ({
  async verify(token: string): Promise<Identity> {
    await reading(token)
    if (token === 'bad')
      throw new AppError('unauthenticated', 'auth/invalid_token', 'Invalid authentication credentials')
    const milliseconds = token.startsWith('short:') ? 500 : 900_000
    const userId = token.replace('short:', '')
    return {
      userId,
      username: userId,
      clientId: 'test',
      groups: [],
      authTime: clock(),
      expiresAt: new Date(clock().getTime() + milliseconds),
    }
  },
})

export interface Answer {
  status: number
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  body: any
  text: string
  headers: Headers
}

export interface House {
  readonly platform: Platform
  readonly video: VideoUseCases
  /** What the use cases stand on. */
  readonly need: Needs
  readonly origin: string
  /** A request by a person. */
  as(person: string): (method: string, path: string, body?: unknown) => Promise<Answer>
  close(): Promise<void>
}

/** The video API on a port of its own. @param store the store to run beside it  @param work whether events and
 *  sweepers run too  @param films whether that worker makes films */
export async function openHouse(
  options: {
    clock?: Clock
    store?: AnyService
    work?: boolean
    films?: boolean
    reading?: (token: string) => unknown
  } = {},
): Promise<House> {
  // The store keeps real time: its client signs with it.
  const now = () => (options.clock ?? systemClock).now()
  const given = { tokens: tokens(now, options.reading), ...(options.clock && { clock: options.clock }) }
  // Mostly no films are made: what a worker does to a job, the tests do themselves.
  const env = { SERVICES: `object-store,video-upload,video-download${options.films ? ',video-processor' : ''}` }
  const storePlatform = options.store && (await testPlatform(options.store, { env }))
  const platform = await testPlatform(videoService, { ...(storePlatform ? { on: storePlatform } : { env }), ...given })
  const store = storePlatform && (await startService(options.store!, storePlatform))
  const need = needsOf(platform)
  const video = useCasesOf(need, platform)
  const api = await testApi(videoService, platform, video, ['video-upload', 'video-download'])
  const running = options.work ? await startWork(videoService, video, platform, platform.config.parts) : undefined
  const origin = platform.config.urls.public
  return {
    platform,
    video,
    need,
    origin,
    as: (person) => (method, path, body) => ask(origin + path, method, person, body),
    close: async () => {
      await api.close()
      await running?.close()
      await platform.close()
      await store?.close()
      await storePlatform?.close()
    },
  }
}

/** A video whose bytes are there: as the API leaves it when an upload is complete. */
export async function queuedVideo(
  { need }: Pick<House, 'need'>,
  owner: string,
  title = 'férias.mov',
): Promise<{ id: string; jobId: string }> {
  const createdAt = need.clock.now()
  const [id, jobId] = [newId(createdAt.getTime()), newId(createdAt.getTime())]
  const multipart = { uploadId: randomToken(8), partSize: 16 * 1024 ** 2 }
  const key = uploadKey({ owner, jobId, videoId: id })
  await need.videos.add({ id, owner, jobId, title, size: 5, key, fingerprint: undefined, multipart, createdAt })
  await need.transaction(async () => {
    await need.videos.move(id, 'queued')
    await need.jobs.add({ id: jobId, videoId: id, owner, key, etag: randomToken(8) }, createdAt)
  })
  return { id, jobId }
}

/** Does what a worker does for a video: two renditions of three segments, then the end. */
export async function processed({ need }: Pick<House, 'need'>, jobId: string, until: 'live' | 'ready') {
  const { films, work } = need
  const filmJobs = new FilmJobs(need)
  const attempt = (await filmJobs.claim(jobId))!
  const prefix = outputPrefix(attempt)
  await films.describe(attempt.videoId, { durationSeconds: 5, width: 1280, height: 720 })
  const size = { width: 1280, height: 720, frameRate: 30 }
  const none = { width: undefined, height: undefined, frameRate: undefined }
  for (const name of ['720', 'audio'] as const) {
    await films.addRendition(attempt, {
      name,
      kind: name === 'audio' ? 'audio' : 'video',
      bandwidth: 1_000_000,
      averageBandwidth: 900_000,
      ...(name === 'audio' ? none : size),
      codecs: name === 'audio' ? 'mp4a.40.2' : 'avc1.64001f',
      initKey: `${prefix}init_${name}.mp4`,
    })
  }
  const publish = async (number: number, durationSeconds: number) => {
    for (const rendition of ['720', 'audio']) {
      const key = `${prefix}${rendition}_${number}.m4s`
      const beginSeconds = 2 * number
      const segment = { rendition, number, beginSeconds, durationSeconds, key, size: 500_000 * durationSeconds }
      await work.fenced(attempt, () => films.addSegment(attempt, segment))
    }
  }
  await publish(0, 2)
  await films.show(attempt, need.clock.now())
  if (until === 'ready') {
    await publish(1, 2)
    await publish(2, 1)
    await filmJobs.finish(attempt, filmOf(attempt))
  }
  return { attempt, filmJobs, publish }
}

/** What a worker hands in for that attempt. */
export const filmOf = (attempt: FilmAttempt, outcome: Partial<Outcome> = {}): Film => ({
  number: attempt.number,
  outcome: {
    durationSeconds: 5,
    width: 1280,
    height: 720,
    mp4: { key: `${outputPrefix(attempt)}video.mp4`, size: 99 },
    posterKey: `${outputPrefix(attempt)}poster.jpg`,
    ...outcome,
  },
  packed: [],
  storyboard: undefined,
  original: 'covered',
  warning: undefined,
  silent: 0,
})

async function ask(url: string, method: string, person: string, sent: unknown): Promise<Answer> {
  const answer = await fetch(url, {
    method,
    headers: {
      ...(person && { authorization: `Bearer ${person}` }),
      ...(sent !== undefined && { 'content-type': 'application/json' }),
    },
    ...(sent !== undefined && { body: JSON.stringify(sent) }),
  })
  const text = await answer.text()
  const json = /json/.test(answer.headers.get('content-type') ?? '')
  const body = json ? JSON.parse(text) : undefined
  promised(method, new URL(url).pathname, answer.status, body)
  return { status: answer.status, body, text, headers: answer.headers }
}

/** What OpenAPI promises is what every answer of every test holds, field by field. */
function promised(method: string, path: string, status: number, body: unknown): void {
  if (status >= 400) return void Problem.parse(body)
  const matches = (route: Route) =>
    route.method === method && new RegExp(`^${route.path.replace(/\{\w+\}/g, '[^/]+')}$`).test(path)
  // The route with the fewest braces is the one the server takes.
  const [route] = Object.values<Route>({ ...videoRoutes, ...framesRoutes, ...videoSettingsRoutes })
    .filter(matches)
    .sort((a, b) => a.path.split('{').length - b.path.split('{').length)
  const answer = route?.answers[status]
  if (answer === undefined) throw new Error(`The contract promises no ${status} for ${method} ${path}.`)
  if (answer !== null && typeof answer !== 'string') expect(body).toEqual(answer.parse(body))
}

/** Sends bytes to a signed URL. */
export function put(url: string, bytes: Uint8Array): Promise<Response> {
  return fetch(url, { method: 'PUT', body: bytes as BodyInit })
}

/** A file that a person has uploaded, and the job that it became. */
export async function uploadFile(house: House, person: string, path: string): Promise<{ id: string; jobId: string }> {
  const ask = house.as(person)
  const bytes = await readFile(path)
  const { body: upload } = await ask('POST', '/videos/uploads', { fileName: 'férias.mov', size: bytes.length || 1 })
  const id = upload.videoId
  const partNumbers = Array.from({ length: upload.partCount }, (_, i) => i + 1)
  const { body: signed } = await ask('POST', `/videos/uploads/${id}/parts`, { partNumbers })
  for (const { partNumber, size, url } of signed.items) {
    const from = (partNumber - 1) * upload.partSize
    expect((await put(url, bytes.subarray(from, from + size))).status).toBe(200)
  }
  expect((await ask('POST', `/videos/uploads/${id}/complete`)).status).toBe(202)
  const job = await house.platform.sql.first<{ id: string }>('select id from jobs where video_id = $1', [id])
  return { id, jobId: job!.id }
}

/** Does what the lanes of a worker do with a job. */
export async function processAll(worker: ProcessVideo, jobId: string, signal: AbortSignal): Promise<void> {
  await worker.look(jobId, signal)
  for (const lane of ['copy', 'preview', 'encode'] as const) await worker.makeNext(lane, signal)
}

/** What becomes of a file in one attempt, and what went wrong with that. */
export async function processFile(house: House, person: string, path: string) {
  const { id, jobId } = await uploadFile(house, person, path)
  const workDir = join(house.platform.config.dataDir, 'work')
  const stumbles: string[] = []
  const worker = new ProcessVideo({
    ...house.need,
    transcoder: new FfmpegTranscoder({ configured: undefined, workDir }),
    filmJobs: new FilmJobs(house.need),
    onStumble: (_, error) => stumbles.push(String(error)),
  })
  await processAll(worker, jobId, new AbortController().signal)
  const { state, durationSeconds, problem } = (await house.as(person)('GET', `/videos/${id}`)).body
  return { id, jobId, state, durationSeconds, problem, stumbles }
}

/** A house and a folder of films, there from before the first test of a file until after its last. */
export function filmHouse(options: { clock?: Clock } = {}) {
  let house: House
  let clips: Awaited<ReturnType<typeof openClips>>
  beforeAll(async () => {
    house = await openHouse({ ...options, store: objectStore })
    clips = await openClips()
  })
  afterAll(async () => {
    await house?.close()
    await clips?.remove()
  })
  return {
    get house() {
      return house
    },
    get clips() {
      return clips
    },
    /** What becomes of a film of Ana's. */
    process: (path: string) => processFile(house, 'ana', path),
  }
}

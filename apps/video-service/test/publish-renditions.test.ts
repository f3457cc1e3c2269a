import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { objectStore } from '@balcao/object-store'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Films } from '../src/application/ports/films.ts'
import type { FilmAttempt } from '../src/application/ports/jobs.ts'
import { FilmJobs } from '../src/application/processing/film-jobs.ts'
import { PublishRenditions } from '../src/application/processing/publish-renditions.ts'
import type { Plan } from '../src/domain/media/plan.ts'
import { type House, openHouse, queuedVideo } from './support.ts'

const plan: Plan = {
  name: 'remux',
  picture: {
    how: 'copy',
    stream: 0,
    codec: 'h264',
    reserved: [],
    frameRate: 30,
    rungs: [{ name: '720', width: 1280, height: 720 }],
  },
  sounds: [
    {
      stream: 1,
      how: 'copy',
      codecs: 'mp4a.40.2',
      sampleRate: 48_000,
      language: 'pt',
      title: undefined,
      iso639: 'por',
      role: 'main',
      late: false,
    },
  ],
  download: 'top',
  poster: undefined,
}

/** A film that this attempt begins. */
const making = (job: FilmAttempt) => {
  const film = { videoId: job.videoId, number: job.number, begun: new Map(), posterKey: undefined }
  return { job, film, plan }
}

let house: House
let dir: string

beforeAll(async () => {
  house = await openHouse({ store: objectStore })
  dir = await mkdtemp(join(tmpdir(), 'balcao-publish-'))
})
afterAll(async () => {
  await house?.close()
  await rm(dir, { recursive: true, force: true })
})

it('a film is playable once its picture and its sound both are, though one comes later', async () => {
  const { need } = house
  const { jobId } = await queuedVideo(house, 'ana')
  const attempt = (await new FilmJobs(need).claim(jobId))!
  let pictureIsThere = () => {}
  const picture = new Promise<void>((resolve) => {
    pictureIsThere = resolve
  })
  const heard: string[] = []
  const films: Films = Object.assign(Object.create(need.films) as Films, {
    addSegment: async (...[of, segment]: Parameters<Films['addSegment']>) => {
      await need.films.addSegment(of, segment)
      heard.push(segment.rendition)
      if (segment.rendition === '720') pictureIsThere()
    },
    show: (...of: Parameters<Films['show']>) => {
      heard.push('playable')
      return need.films.show(...of)
    },
  })
  const soundLater = Object.assign(Object.create(need.media) as typeof need.media, {
    put: async (...of: Parameters<typeof need.media.put>) => {
      if (of[0].endsWith('audio/init.mp4')) await picture
      return need.media.put(...of)
    },
  })
  const failed = (error: unknown) => expect.fail(String(error))
  const publish = new PublishRenditions({ ...need, films, media: soundLater }, making(attempt), true, failed)
  for (const output of [0, 1]) {
    const [path, initPath] = [join(dir, `${output}.m4s`), join(dir, `init_${output}.mp4`)]
    await writeFile(path, 'segment')
    await writeFile(initPath, 'avcC\x01\x64\x00\x1f')
    publish.add({ output, number: 0, extent: { begin: 0, end: 2 }, path, initPath })
  }
  await publish.drained()
  expect(heard).toEqual(['720', 'audio', 'playable'])
})

it('a segment that is longer than playlists tell ends the attempt', async () => {
  const { jobId } = await queuedVideo(house, 'ana')
  const attempt = (await new FilmJobs(house.need).claim(jobId))!
  const failures: unknown[] = []
  const publish = new PublishRenditions(house.need, making(attempt), true, (error) => failures.push(error))
  publish.add({ output: 0, number: 0, extent: { begin: 0, end: 200 }, path: '', initPath: '' })
  expect(failures).toMatchObject([{ code: 'video/verification_failed' }])
})

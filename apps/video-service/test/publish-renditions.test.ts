import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { objectStore } from '@balcao/object-store'
import { flatObjects } from '@balcao/platform'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { JobLog } from '../src/application/job-log.ts'
import { PublishRenditions } from '../src/application/publish-renditions.ts'
import type { Plan } from '../src/domain/media/plan.ts'
import { type House, jobLog, openHouse, queuedVideo } from './support.ts'

const plan: Plan = {
  name: 'remux',
  picture: { how: 'copy', stream: 0, frameRate: 30, rungs: [{ name: '720', width: 1280, height: 720 }] },
  sound: { stream: 1, how: 'copy', codecs: 'mp4a.40.2', sampleRate: 48_000 },
  download: 'source',
  poster: undefined,
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
  const { platform } = house
  const { jobId } = await queuedVideo(house, 'ana')
  const jobs = jobLog(platform)
  const attempt = (await jobs.claim(jobId, 60))!
  let pictureIsThere = () => {}
  const picture = new Promise<void>((resolve) => {
    pictureIsThere = resolve
  })
  const heard: string[] = []
  const listening: JobLog = Object.assign(Object.create(jobs) as JobLog, {
    publishSegment: async (...[of, segment]: Parameters<JobLog['publishSegment']>) => {
      const current = await jobs.publishSegment(of, segment)
      heard.push(segment.rendition)
      if (segment.rendition === '720') pictureIsThere()
      return current
    },
    markPlayable: (of: typeof attempt) => {
      heard.push('playable')
      return jobs.markPlayable(of)
    },
  })
  const objects = flatObjects(platform.objects)
  const soundLater = {
    put: async (...of: Parameters<typeof objects.put>) => {
      if (of[1].endsWith('audio/init.mp4')) await picture
      return objects.put(...of)
    },
  }
  const failed = (error: unknown) => expect.fail(String(error))
  const bucket = platform.config.store.mediaBucket
  const publish = new PublishRenditions(listening, soundLater, bucket, attempt, plan, () => true, failed)
  for (const output of [0, 1]) {
    const [path, initPath] = [join(dir, `${output}.m4s`), join(dir, `init_${output}.mp4`)]
    await writeFile(path, 'segment')
    await writeFile(initPath, 'avcC\x01\x64\x00\x1f')
    publish.add({ output, number: 0, durationSeconds: 2, path, initPath })
  }
  await publish.drained()
  expect(heard).toEqual(['720', 'audio', 'playable'])
})

import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { objectStore } from '@balcao/object-store'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { FilmJobs } from '../src/application/processing/film-jobs.ts'
import { ProcessVideo } from '../src/application/processing/process-video.ts'
import { FfmpegTranscoder } from '../src/infrastructure/ffmpeg/ffmpeg-transcoder.ts'
import { h264, openClips } from './clips.ts'
import { filmLeaksOf } from './model/leaks.ts'
import { type House, openHouse, processAll, queuedVideo, uploadFile } from './support.ts'

/** The eyes of the soak: what they miss, it misses. */
let house: House
let clips: Awaited<ReturnType<typeof openClips>>
let workDir: string
beforeAll(async () => {
  house = await openHouse({ store: objectStore })
  clips = await openClips()
  workDir = join(house.platform.config.dataDir, 'work')
})
afterAll(async () => {
  await house?.close()
  await clips?.remove()
})

const leaks = () => filmLeaksOf({ ...house.need, sql: house.platform.sql, config: house.platform.config })

it('sees nothing left over of a film that was made and tidied, and each thing that is', async () => {
  const transcoder = new FfmpegTranscoder({ configured: undefined, workDir })
  const onStumble = (_: unknown, error: unknown) => expect.fail(String(error))
  const worker = new ProcessVideo({ ...house.need, transcoder, filmJobs: new FilmJobs(house.need), onStumble })
  const { id, jobId } = await uploadFile(house, 'ana', await clips.film('film.mkv', h264))
  expect(await leaks()).toEqual([])
  await processAll(worker, jobId, new AbortController().signal)
  await house.video.tidyVideo.run(jobId)
  expect(await leaks()).toEqual([])

  const { temp, media } = house.need
  await temp.put('input/ana/1/2', Buffer.from('bytes'), 'video/mp4')
  await media.put('output/ana/1/1/stray.m4s', Buffer.from('bytes'), 'video/mp4')
  await mkdir(join(workDir, 'left'))
  expect(await leaks()).toEqual([
    'temp holds input/ana/1/2 of nobody',
    'media holds output/ana/1/1/stray.m4s of nobody',
    'folder left of a job that has ended',
  ])
  await temp.delete('input/ana/1/2')
  await media.deleteBelow('output/ana/1/')
  await rm(join(workDir, 'left'), { recursive: true })

  const { posterKey } = await house.need.videos.get('ana', id)
  await media.delete(posterKey!)
  expect(await leaks()).toEqual([`media lacks ${posterKey} of videos.poster_key`])
  await house.platform.sql.run('update videos set poster_key = null')
  expect(await leaks()).toEqual([])

  await house.platform.sql.run('insert into attempts (video_id, number) values ($1, 9)', [id])
  expect(await leaks()).toEqual([expect.stringMatching(/^attempt .*\/9\/ with 0 objects of no film$/)])
  await house.platform.sql.run('delete from attempts where number = 9')

  const { jobId: lost } = await queuedVideo(house, 'bia')
  expect(await leaks()).toEqual([expect.stringContaining(lost)])
})

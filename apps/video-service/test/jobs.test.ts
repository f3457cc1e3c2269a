import { ManualClock } from '@balcao/kernel'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MAX_ATTEMPTS, PROCESS_QUEUE } from '../src/domain/job.ts'
import { rejections } from '../src/domain/media/rejections.ts'
import type { PgJobs } from '../src/infrastructure/pg-jobs.ts'
import { type House, jobLog, openHouse, processed, queuedVideo } from './support.ts'

const clock = new ManualClock()
const fault = { code: 'video/ffmpeg_failed', message: 'O vídeo não pôde ser convertido.' }

let house: House
let jobs: PgJobs
let ana: ReturnType<House['as']>

beforeAll(async () => {
  house = await openHouse({ clock })
  jobs = jobLog(house.platform)
  ana = house.as('ana')
})
afterAll(() => house?.close())

const video = async (id: string) => (await ana('GET', `/videos/${id}`)).body
const waiting = async () => (await house.platform.queueStats.counts(PROCESS_QUEUE)).waiting

describe('a job', () => {
  it('is claimed by one of many workers', async () => {
    const { jobId } = await queuedVideo(house, 'ana')
    const claims = await Promise.all([1, 2, 3, 4].map(() => jobs.claim(jobId, 60)))
    expect(claims.filter(Boolean)).toMatchObject([{ number: 1, owner: 'ana', failures: 0 }])
  })

  it('shows its progress to the owner', async () => {
    const { id, jobId } = await queuedVideo(house, 'ana')
    expect(await video(id)).toMatchObject({ state: 'queued', percent: 0 })
    const attempt = (await jobs.claim(jobId, 60))!
    await jobs.describe(attempt, { durationSeconds: 12.5, width: 1920, height: 1080 })
    await jobs.progress(attempt, 40, 9)
    expect(await video(id)).toMatchObject({
      state: 'processing',
      percent: 40,
      etaSeconds: 9,
      durationSeconds: 12.5,
      height: 1080,
      playable: false,
    })
  })

  it('belongs to the next attempt once its lease has run out: the worker before changes nothing more', async () => {
    const { id, jobId } = await queuedVideo(house, 'ana')
    const dead = (await jobs.claim(jobId, 60))!
    clock.advance(61)
    const alive = (await jobs.claim(jobId, 60))!
    expect(alive.number).toBe(2)
    const outcome = {
      durationSeconds: 1,
      width: 1,
      height: 1,
      mp4: { key: 'x', size: 1 },
      posterKey: undefined,
      original: 'covered' as const,
      warning: undefined,
    }
    const segment = { rendition: '720', number: 0, durationSeconds: 2, key: 'x', size: 1 }
    expect(await jobs.heartbeat(dead, 60)).toBe(false)
    expect(await jobs.progress(dead, 99, 1)).toBe(false)
    expect(await jobs.publishSegment(dead, segment)).toBe(false)
    expect(await jobs.markPlayable(dead)).toBe(false)
    expect(await jobs.finish(dead, outcome)).toBe(false)
    expect(await jobs.fail(dead, fault)).toBe(false)
    expect(await jobs.handBack(dead, undefined, true)).toBe(false)
    expect(await video(id)).toMatchObject({ state: 'processing', percent: 0, playable: false, problem: null })
    expect(await jobs.heartbeat(alive, 60)).toBe(true)
  })

  it('keeps its lease by heartbeats', async () => {
    const { jobId } = await queuedVideo(house, 'ana')
    const attempt = (await jobs.claim(jobId, 60))!
    clock.advance(40)
    await jobs.heartbeat(attempt, 60)
    clock.advance(40)
    expect(await jobs.claim(jobId, 60)).toBeUndefined()
  })

  it('finishes once, and is put away once', async () => {
    const { id, jobId } = await queuedVideo(house, 'ana')
    const { attempt } = await processed(house, jobId, 'ready')
    expect(await video(id)).toMatchObject({ state: 'ready', percent: 100, playable: true, downloadable: true })
    expect(await jobs.heartbeat(attempt, 60)).toBe(false)
    expect(await jobs.claim(jobId, 60)).toBeUndefined()
    expect(await jobs.finished(jobId)).toMatchObject({ jobId, number: 1, original: 'covered' })
    await jobs.tidied(jobId, 'archive/x')
    expect(await jobs.finished(jobId)).toBeUndefined()
  })

  it('keeps only what the attempt that finished has published', async () => {
    const { id, jobId } = await queuedVideo(house, 'ana')
    await processed(house, jobId, 'live')
    clock.advance(61)
    await processed(house, jobId, 'ready')
    const attempts = await house.platform.sql.query('select distinct attempt from segments where video_id = $1', [id])
    expect(attempts).toEqual([{ attempt: 2 }])
  })

  it('that failed says why, and is done again when its owner asks', async () => {
    const { id, jobId } = await queuedVideo(house, 'ana')
    await jobs.fail((await jobs.claim(jobId, 60))!, fault)
    expect(await video(id)).toMatchObject({ state: 'failed', problem: fault, retryable: true })
    expect(await jobs.claim(jobId, 60)).toBeUndefined()
    const retry = await ana('POST', `/videos/${id}/retry`)
    expect(retry.status).toBe(202)
    expect(retry.body).toMatchObject({ state: 'queued', problem: null, retryable: false })
    expect(await jobs.claim(jobId, 60)).toMatchObject({ number: 2, failures: 0 })
    expect((await ana('POST', `/videos/${id}/retry`)).body.code).toBe('video/wrong_state')
  })

  it.each(Object.values(rejections))('that failed for good by $code is not done again', async (reason) => {
    const { id, jobId } = await queuedVideo(house, 'ana')
    await jobs.fail((await jobs.claim(jobId, 60))!, reason)
    expect(await video(id)).toMatchObject({ state: 'failed', problem: reason, retryable: false })
    const retry = await ana('POST', `/videos/${id}/retry`)
    expect(retry.status).toBe(409)
    expect(retry.body).toMatchObject({ code: 'video/rejected', details: { problem: reason.code } })
    expect(await video(id)).toMatchObject({ state: 'failed', problem: reason })
    expect(await jobs.claim(jobId, 60)).toBeUndefined()
  })

  it('handed back waits again, and counts the failure where it was one', async () => {
    const { id, jobId } = await queuedVideo(house, 'ana')
    const before = await waiting()
    await jobs.handBack((await jobs.claim(jobId, 60))!, undefined, false)
    expect(await waiting()).toBe(before + 1)
    expect(await video(id)).toMatchObject({ state: 'queued', problem: null })
    const full = { code: 'video/disk_full', message: 'Sem espaço.' }
    await jobs.handBack((await jobs.claim(jobId, 60))!, full, true)
    expect(await video(id)).toMatchObject({ state: 'queued', problem: full })
    expect(await jobs.claim(jobId, 60)).toMatchObject({ number: 3, failures: 1 })
    expect(await video(id)).toMatchObject({ state: 'processing', problem: null })
  })

  it('of a video in the trash waits until it is restored', async () => {
    const { id, jobId } = await queuedVideo(house, 'ana')
    await ana('DELETE', `/videos/${id}`)
    expect(await jobs.claim(jobId, 60)).toBeUndefined()
    const before = await waiting()
    await ana('POST', `/videos/${id}/restore`)
    expect(await waiting()).toBe(before + 1)
    expect(await jobs.claim(jobId, 60)).toBeDefined()
  })
})

describe('the sweeper of jobs', () => {
  const sweep = () => house.video.sweepJobs.run()

  it('wakes a job whose message was lost', async () => {
    const { jobId } = await queuedVideo(house, 'ana')
    clock.advance(61)
    const before = await waiting()
    await sweep()
    expect(await waiting()).toBeGreaterThan(before)
    const after = await waiting()
    await sweep()
    expect(await waiting()).toBe(after)
    expect(await jobs.claim(jobId, 60)).toBeDefined()
  })

  it('gives the job of a dead worker back', async () => {
    const { id, jobId } = await queuedVideo(house, 'ana')
    const dead = (await jobs.claim(jobId, 60))!
    clock.advance(61)
    await sweep()
    expect(await video(id)).toMatchObject({ state: 'queued' })
    expect(await jobs.heartbeat(dead, 60)).toBe(false)
    expect(await jobs.claim(jobId, 60)).toMatchObject({ number: 2 })
  })

  it('gives up a job that kills every worker', async () => {
    const { id, jobId } = await queuedVideo(house, 'ana')
    await house.platform.sql.run('update jobs set attempt = $2 where id = $1', [jobId, MAX_ATTEMPTS - 1])
    await jobs.claim(jobId, 60)
    clock.advance(61)
    await sweep()
    expect(await video(id)).toMatchObject({ state: 'failed', problem: { code: 'video/gave_up' } })
  })
})

describe('the operator', () => {
  it('sees what happened to videos and how deep the queue is', async () => {
    const { metrics } = house.platform
    const read = async (name: string) => Number(new RegExp(`^${name} (.+)$`, 'm').exec(await metrics.text())?.[1])
    await ana('POST', '/videos/upload-url', { fileName: 'a.mp4' })
    const { jobId } = await queuedVideo(house, 'ana')
    await processed(house, jobId, 'ready')
    for (const event of ['upload_started', 'job_finished', 'job_failed', 'job_recovered', 'video_retried']) {
      expect([event, await read(`video_${event}_total`)]).toEqual([event, expect.any(Number)])
      expect(await read(`video_${event}_total`)).toBeGreaterThan(0)
    }
    expect(await read('video_jobs_waiting')).toBe(await waiting())
  })
})

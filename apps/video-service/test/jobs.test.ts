import { ManualClock } from '@balcao/kernel'
import { Superseded } from '@balcao/platform'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FilmJobs } from '../src/application/processing/film-jobs.ts'
import { LEASE_SECONDS, MAX_DEATHS } from '../src/domain/job.ts'
import { rejections } from '../src/domain/media/rejections.ts'
import { filmOf, type House, openHouse, processed, queuedVideo } from './support.ts'

const clock = new ManualClock()
const fault = { code: 'video/ffmpeg_failed', message: 'O vídeo não pôde ser convertido.' } as const

let house: House
let jobs: FilmJobs
let ana: ReturnType<House['as']>

beforeAll(async () => {
  house = await openHouse({ clock })
  jobs = new FilmJobs(house.need)
  ana = house.as('ana')
})
afterAll(() => house?.close())

const video = async (id: string) => (await ana('GET', `/videos/${id}`)).body
const waiting = async () => (await house.platform.queueStats.counts('process-video')).waiting

describe('a job', () => {
  it('is claimed by one of many workers', async () => {
    const { jobId } = await queuedVideo(house, 'ana')
    const claims = await Promise.all([1, 2, 3, 4].map(() => jobs.claim(jobId)))
    expect(claims.filter(Boolean)).toMatchObject([{ number: 1, owner: 'ana', failures: 0 }])
  })

  it('of the release before is looked at too, and its attempts are known', async () => {
    const { id, jobId } = await queuedVideo(house, 'ana')
    const { sql } = house.platform
    // As that release does it, which knows neither lanes nor the rows of attempts.
    await sql.run(
      `with gone as (delete from jobs where id = $1 returning *)
       insert into jobs (id, video_id, owner, lane, bucket, key, etag, state, ready_at, created_at, updated_at)
       select id, video_id, owner, 'films', bucket, key, etag || 'x', state, ready_at, created_at, updated_at from gone`,
      [jobId],
    )
    expect(await house.need.jobs.laneOf(jobId)).toBe('look')
    await sql.run(`update jobs set state = 'running', attempt = attempt + 1 where id = $1`, [jobId])
    expect(await sql.query('select number from attempts where video_id = $1', [id])).toEqual([{ number: 1 }])
  })

  it('shows its progress to the owner', async () => {
    const { id, jobId } = await queuedVideo(house, 'ana')
    expect(await video(id)).toMatchObject({ state: 'queued', percent: 0 })
    const attempt = (await jobs.claim(jobId))!
    await house.need.films.describe(id, { durationSeconds: 12.5, width: 1920, height: 1080 })
    await house.need.work.progress(attempt, 40, 9)
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
    const dead = (await jobs.claim(jobId))!
    clock.advance(61)
    const alive = (await jobs.claim(jobId))!
    expect(alive.number).toBe(2)
    const { work, films } = house.need
    const late = [
      () => work.fenced(dead, () => films.show(dead, clock.now())),
      () => jobs.finish(dead, filmOf(dead)),
      () => jobs.giveUp(dead, fault),
      () => jobs.handBack(dead, undefined, true),
    ]
    for (const write of late) await expect(write()).rejects.toThrow(Superseded)
    expect(await video(id)).toMatchObject({ state: 'processing', percent: 0, playable: false, problem: null })
    expect(await work.beat(alive)).toBe(true)
  })

  it('keeps its lease by heartbeats', async () => {
    const { jobId } = await queuedVideo(house, 'ana')
    const attempt = (await jobs.claim(jobId))!
    clock.advance(LEASE_SECONDS - 1)
    await house.need.work.beat(attempt)
    clock.advance(LEASE_SECONDS - 1)
    expect(await jobs.claim(jobId)).toBeUndefined()
  })

  it('finishes once, and is put away once', async () => {
    const { id, jobId } = await queuedVideo(house, 'ana')
    const { attempt } = await processed(house, jobId, 'ready')
    expect(await video(id)).toMatchObject({ state: 'ready', percent: 100, playable: true, downloadable: true })
    expect(await house.need.work.beat(attempt)).toBe(false)
    expect(await jobs.claim(jobId)).toBeUndefined()
    expect(await house.need.jobs.untidy(jobId)).toMatchObject({ id: jobId, original: 'covered' })
    await house.need.jobs.tidied(jobId, 'archive/x', clock.now())
    expect(await house.need.jobs.untidy(jobId)).toBeUndefined()
  })

  it('D1-27: that failed says why, and is done again when its owner asks', async () => {
    const { id, jobId } = await queuedVideo(house, 'ana')
    await jobs.giveUp((await jobs.claim(jobId))!, fault)
    expect(await video(id)).toMatchObject({ state: 'failed', problem: fault, retryable: true })
    expect(await jobs.claim(jobId)).toBeUndefined()
    const retry = await ana('POST', `/videos/${id}/retry`)
    expect(retry.status).toBe(202)
    expect(retry.body).toMatchObject({ state: 'queued', problem: null, retryable: false })
    expect(await jobs.claim(jobId)).toMatchObject({ number: 2, failures: 0 })
    expect((await ana('POST', `/videos/${id}/retry`)).body.code).toBe('video/wrong_state')
  })

  it.each(Object.values(rejections))('that failed for good by $code is not done again', async (reason) => {
    const { id, jobId } = await queuedVideo(house, 'ana')
    await jobs.giveUp((await jobs.claim(jobId))!, reason)
    expect(await video(id)).toMatchObject({ state: 'failed', problem: reason, retryable: false })
    const retry = await ana('POST', `/videos/${id}/retry`)
    expect(retry.status).toBe(409)
    expect(retry.body).toMatchObject({ code: 'video/rejected', details: { problem: reason.code } })
    expect(await video(id)).toMatchObject({ state: 'failed', problem: reason })
    expect(await jobs.claim(jobId)).toBeUndefined()
  })

  it('handed back waits again, and counts the failure where it was one', async () => {
    const { id, jobId } = await queuedVideo(house, 'ana')
    const before = await waiting()
    await jobs.handBack((await jobs.claim(jobId))!, undefined, false)
    expect(await waiting()).toBe(before + 1)
    expect(await video(id)).toMatchObject({ state: 'queued', problem: null })
    const full = { code: 'video/disk_full', message: 'Sem espaço.' } as const
    await jobs.handBack((await jobs.claim(jobId))!, full, true)
    expect(await video(id)).toMatchObject({ state: 'queued', problem: full })
    expect(await jobs.claim(jobId)).toMatchObject({ number: 3, failures: 1 })
    expect(await video(id)).toMatchObject({ state: 'processing', problem: null })
  })

  it('of a video in the trash waits until it is restored', async () => {
    const { id, jobId } = await queuedVideo(house, 'ana')
    await ana('DELETE', `/videos/${id}`)
    expect(await jobs.claim(jobId)).toBeUndefined()
    const before = await waiting()
    await ana('POST', `/videos/${id}/restore`)
    expect(await waiting()).toBe(before + 1)
    expect(await jobs.claim(jobId)).toBeDefined()
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
    expect(await jobs.claim(jobId)).toBeDefined()
  })

  it('gives the job of a dead worker back', async () => {
    const { id, jobId } = await queuedVideo(house, 'ana')
    const dead = (await jobs.claim(jobId))!
    clock.advance(61)
    await sweep()
    expect(await video(id)).toMatchObject({ state: 'queued' })
    expect(await house.need.work.beat(dead)).toBe(false)
    expect(await jobs.claim(jobId)).toMatchObject({ number: 2 })
  })

  it('gives back a job whose worker died once, however often it had waited before', async () => {
    const { id, jobId } = await queuedVideo(house, 'ana')
    const full = { code: 'video/disk_full', message: 'Sem espaço.' } as const
    for (let wait = 0; wait < MAX_DEATHS + 5; wait++) await jobs.handBack((await jobs.claim(jobId))!, full, false)
    await jobs.claim(jobId)
    clock.advance(61)
    await sweep()
    expect(await video(id)).toMatchObject({ state: 'queued' })
  })

  it('gives up a job that kills every worker', async () => {
    const { id, jobId } = await queuedVideo(house, 'ana')
    await house.platform.sql.run('update jobs set deaths = $2 where id = $1', [jobId, MAX_DEATHS - 1])
    await jobs.claim(jobId)
    clock.advance(61)
    await sweep()
    expect(await video(id)).toMatchObject({ state: 'failed', problem: { code: 'video/gave_up' } })
  })
})

describe('the operator', () => {
  it('D1-37: sees what happened to videos and how deep the queue is', async () => {
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

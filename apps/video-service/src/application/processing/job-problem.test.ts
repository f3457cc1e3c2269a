import { AppError } from '@balcao/kernel'
import { describe, expect, it } from 'vitest'
import { toVerdict } from './job-problem.ts'

const failed = (fields: object) => Object.assign(new Error('failed'), fields)

describe('a job that met an error', () => {
  it.each([
    ['a full disk', failed({ code: 'ENOSPC' }), 'video/disk_full'],
    ['an upload larger than the disk', new AppError('unavailable', 'object/does_not_fit', ''), 'video/disk_full'],
    ['a disk whose quota is used up', failed({ code: 'EDQUOT' }), 'video/disk_full'],
    ["PostgreSQL's disk_full", failed({ code: '53100' }), 'video/disk_full'],
    ["PostgreSQL's disk_full, below another error", failed({ cause: failed({ code: '53100' }) }), 'video/disk_full'],
    ['our store without room', failed({ $metadata: { httpStatusCode: 507 } }), 'video/disk_full'],
    [
      'one of many writes on a full disk',
      new AggregateError([failed({}), failed({ code: 'ENOSPC' })]),
      'video/disk_full',
    ],
    ['a store that is away', failed({ code: 'ECONNREFUSED' }), 'video/waiting'],
    [
      'a store that is away, several addresses',
      new AggregateError([failed({ code: 'ECONNREFUSED' })]),
      'video/waiting',
    ],
    ['a store that stumbles', failed({ $metadata: { httpStatusCode: 503 } }), 'video/waiting'],
    ['a database that stops', failed({ code: '57P01' }), 'video/waiting'],
    ['a connection that broke off', failed({ cause: failed({ code: 'ECONNRESET' }) }), 'video/waiting'],
    ['no ffmpeg', new AppError('unavailable', 'video/ffmpeg_missing', ''), 'video/ffmpeg_missing'],
  ])('waits: %s', (_, error, code) => {
    expect(toVerdict(error)).toMatchObject({ again: 'waits', problem: { code } })
  })

  it.each([
    ['ffmpeg that died', new AppError('unavailable', 'video/ffmpeg_killed', 'x'), 'video/ffmpeg_killed'],
    ['an error that nobody foresaw', new TypeError('x is not a function'), 'video/processing_failed'],
    ['a throw of nothing', undefined, 'video/processing_failed'],
  ])('is tried again a few times: %s', (_, error, code) => {
    expect(toVerdict(error)).toMatchObject({ again: 'counts', problem: { code } })
  })

  it.each([
    ['an upload that is gone', new AppError('not_found', 'object/not_found', ''), 'video/upload_missing'],
    ['limits that were reached', new AppError('unprocessable', 'video/limits_exceeded', ''), 'video/limits_exceeded'],
  ])('is given up: %s', (_, error, code) => {
    expect(toVerdict(error)).toMatchObject({ again: 'never', problem: { code } })
  })

  it('says how much is missing, where that is known', () => {
    const told = (error: unknown) => toVerdict(error).problem
    const full = (details: object) => new AppError('unavailable', 'video/disk_full', '', { ...details })
    expect(told(full({ missing: 3_200_000_000 }))).toMatchObject({
      missing: 3_200_000_000,
      message: expect.stringContaining('faltam pelo menos 3,2 GB'),
    })
    expect(told(full({})).message).not.toContain('falta')
  })
})

import type { Video } from '@balcao/contracts'
import { QueryClient } from '@tanstack/react-query'
import { beforeEach, describe, expect, it } from 'vitest'
import { ProblemError } from '../api/call.ts'
import { FollowVideos } from './follow-videos.ts'
import { videoKeys } from './video-cache.ts'

const library = { search: '', sort: 'newest', trash: false } as const
const video = (id: string, percent = 0) => ({ id, percent, deletedAt: null, posterUrl: null }) as Video

let client: QueryClient
let reads: { id: string; answer: PromiseWithResolvers<Video> }[]
let follow: FollowVideos

const shown = () => client.getQueryData<{ pages: { items: Video[] }[] }>(videoKeys.list(library))!.pages[0]!.items
const answered = async (index: number, give: (answer: PromiseWithResolvers<Video>) => void) => {
  give(reads[index]!.answer)
  await reads[index]!.answer.promise.catch(() => undefined)
  await Promise.resolve()
}

beforeEach(() => {
  client = new QueryClient()
  client.setQueryData(videoKeys.list(library), {
    pages: [{ items: [video('a'), video('b')], nextCursor: null }],
    pageParams: [undefined],
  })
  reads = []
  follow = new FollowVideos(client, (id) => {
    const answer = Promise.withResolvers<Video>()
    reads.push({ id, answer })
    return answer.promise
  })
})

describe('following videos', () => {
  it('shows what a video has become', async () => {
    follow.changed('a')
    await answered(0, ({ resolve }) => resolve(video('a', 42)))
    expect(shown().map(({ percent }) => percent)).toEqual([42, 0])
  })

  it('reads a video once at a time, and once more when it changed meanwhile, however often', async () => {
    for (let n = 0; n < 5; n++) follow.changed('a')
    follow.changed('b')
    expect(reads.map(({ id }) => id)).toEqual(['a', 'b'])
    await answered(0, ({ resolve }) => resolve(video('a', 1)))
    expect(reads.map(({ id }) => id)).toEqual(['a', 'b', 'a'])
    await answered(2, ({ resolve }) => resolve(video('a', 2)))
    expect(reads).toHaveLength(3)
    expect(shown()[0]!.percent).toBe(2)
  })

  it('takes away what is gone, and goes on after a failure', async () => {
    follow.changed('b')
    await answered(0, ({ reject }) => reject(new ProblemError('video/not_found', 404)))
    expect(shown().map(({ id }) => id)).toEqual(['a'])
    follow.changed('a')
    await answered(1, ({ reject }) => reject(new ProblemError('server/failed', 503)))
    follow.changed('a')
    await answered(2, ({ resolve }) => resolve(video('a', 7)))
    expect(shown()[0]!.percent).toBe(7)
  })

  it('trusts nothing it knew when changes may have been missed', () => {
    follow.ready()
    expect(client.getQueryState(videoKeys.list(library))!.isInvalidated).toBe(true)
  })
})

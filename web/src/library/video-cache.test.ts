import type { Video, VideoList } from '@balcao/contracts'
import { QueryClient } from '@tanstack/react-query'
import { beforeEach, describe, expect, it } from 'vitest'
import { dropVideo, type ListFilter, putVideo, videoKeys } from './video-cache.ts'

const video = (id: string, change: Partial<Video> = {}): Video => ({
  id,
  title: `${id}.mp4`,
  state: 'processing',
  percent: 0,
  etaSeconds: null,
  playable: false,
  downloadable: false,
  originalKept: false,
  originalRemovable: false,
  retryable: false,
  size: 1000,
  durationSeconds: null,
  width: null,
  height: null,
  posterUrl: null,
  posterAtSeconds: null,
  posterPending: false,
  problem: null,
  leftOut: [],
  createdAt: '2026-01-15T12:00:00Z',
  deletedAt: null,
  ...change,
})

const library: ListFilter = { search: '', sort: 'newest', trash: false }
const trash: ListFilter = { ...library, trash: true }
let client: QueryClient

const hold = (filter: ListFilter, items: Video[]) =>
  client.setQueryData(videoKeys.list(filter), { pages: [{ items, nextCursor: null }], pageParams: [undefined] })
const shown = (filter: ListFilter) =>
  client.getQueryData<{ pages: VideoList[] }>(videoKeys.list(filter))!.pages.flatMap(({ items }) => items)
const stale = (filter: ListFilter) => client.getQueryState(videoKeys.list(filter))!.isInvalidated
describe('what pages show of a video', () => {
  beforeEach(() => {
    client = new QueryClient()
    hold(library, [video('a'), video('b')])
    hold(trash, [])
  })

  it('is the percent of that video, and of no other', () => {
    putVideo(client, video('a', { percent: 42 }))
    expect(shown(library).map(({ percent }) => percent)).toEqual([42, 0])
    expect(client.getQueryData<Video>(videoKeys.one('a'))!.percent).toBe(42)
  })

  it('has a list that lacks a new video ask again', () => {
    putVideo(client, video('c'))
    expect(stale(library)).toBe(true)
    expect(stale(trash)).toBe(false)
  })

  it('does not have a search that lacks a video ask again at its every percent', () => {
    const search: ListFilter = { ...library, search: 'praia' }
    hold(search, [])
    putVideo(client, video('a', { percent: 1 }))
    expect(stale(search)).toBe(true)
    hold(search, [])
    putVideo(client, video('a', { percent: 2 }))
    expect(stale(search)).toBe(false)
    putVideo(client, video('a', { deletedAt: '2026-01-15T12:00:00Z' }))
    putVideo(client, video('a'))
    expect(stale(search)).toBe(true)
  })

  it('moves a deleted video out of the library and has the trash ask again', () => {
    putVideo(client, video('a', { deletedAt: '2026-01-15T12:00:00Z' }))
    expect(shown(library).map(({ id }) => id)).toEqual(['b'])
    expect(stale(trash)).toBe(true)
  })

  it('takes away what is gone', () => {
    dropVideo(client, 'b')
    expect(shown(library).map(({ id }) => id)).toEqual(['a'])
  })

  it('does not load a poster again because its signature changed', () => {
    hold(library, [video('a', { posterUrl: 'http://store/p.jpg?sig=1' })])
    putVideo(client, video('a', { posterUrl: 'http://store/p.jpg?sig=2', percent: 9 }))
    expect(shown(library)[0]).toMatchObject({ posterUrl: 'http://store/p.jpg?sig=1', percent: 9 })
    putVideo(client, video('a', { posterUrl: 'http://store/q.jpg?sig=3' }))
    expect(shown(library)[0]!.posterUrl).toBe('http://store/q.jpg?sig=3')
  })
})

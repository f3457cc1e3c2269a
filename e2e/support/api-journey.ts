import { videoRoutes } from '@balcao/contracts'
import { expect } from 'vitest'
import { call, send } from './api.ts'
import { Person } from './person.ts'

/** The lines of a playlist that name something. */
const named = (playlist: string) => playlist.split('\n').filter((line) => line !== '' && !line.startsWith('#'))

async function text(url: string): Promise<string> {
  const answer = await fetch(url)
  expect(answer.status, url).toBe(200)
  return answer.text()
}

/** Plays a video as a player does, up to the first bytes of each rendition: playlists from the API, bytes from the store.
 *  @returns how many renditions there are */
export async function playThrough(person: Person, videoId: string): Promise<number> {
  const { url } = await call(person.url, videoRoutes.playback, { token: person.token, params: { id: videoId } })
  const home = new URL(url, person.url)
  const master = await text(home.href)
  const renditions = named(master)
  expect(renditions.length).toBeGreaterThan(0)
  for (const rendition of renditions) {
    const address = new URL(rendition, home)
    const media = await text(address.href)
    // A film that is whole is bytes of few objects (RFC 8216 §4.3.2.2); others are not, nor are those of releases before.
    const told = /#EXT-X-BYTERANGE:(\d+)@(\d+)/.exec(media)
    const [size, start] = [Number(told?.[1]), Number(told?.[2])]
    const headers = { range: `bytes=${start}-${start + size - 1}` }
    const segment = await fetch(new URL(named(media)[0]!, address), told ? { headers } : {})
    expect(segment.status).toBe(told ? 206 : 200)
    const { byteLength } = await segment.arrayBuffer()
    expect(told ? byteLength === size : byteLength > 0).toBe(true)
  }
  return renditions.length
}

/** What a person does, through the API: account, second factor, upload, play, download, delete, undo, sign in again.
 *  @returns the person, whose library holds the one video */
export async function apiJourney(url: string, clip: string): Promise<Person> {
  const person = await Person.signUp(url)
  const { id } = await person.upload(clip)
  const video = await person.processed(id)
  expect(video).toMatchObject({ playable: true, downloadable: true, deletedAt: null })

  await playThrough(person, id)

  const asked = { token: person.token, params: { id } }
  const download = await call(url, videoRoutes.download, asked)
  const file = await fetch(download.url)
  expect(file.headers.get('content-disposition')).toMatch(/^attachment/)
  const head = Buffer.from(await file.arrayBuffer())
    .subarray(4, 8)
    .toString()
  expect(head, 'an MP4').toBe('ftyp')

  await call(url, videoRoutes.delete, asked)
  expect(await person.videos()).toEqual([])
  expect((await send(url, videoRoutes.playback, asked)).status).toBe(409)
  await call(url, videoRoutes.restore, asked)

  await person.signIn()
  expect(await person.videos()).toEqual([expect.objectContaining({ id, state: 'ready' })])
  return person
}

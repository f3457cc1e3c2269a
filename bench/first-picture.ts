import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { type Upload, type Video, videoRoutes } from '@balcao/contracts'
import { readPlaylist, renditionsOf } from '../e2e/soak/playlist.ts'
import { call } from '../e2e/support/api.ts'
import type { Person } from '../e2e/support/person.ts'

/** Milliseconds between two questions. */
const ASK = 20
const PATIENCE_SECONDS = 900

/** Sends a film, all but the word that it is complete. */
export async function sendAll(person: Person, path: string): Promise<Upload> {
  const { size } = await stat(path)
  const upload = await person.startUpload(basename(path), size)
  await person.sendParts(upload, path)
  return upload
}

/** Asks until a video is as wanted. @throws Error when it failed, unless that is wanted */
export async function videoWhen(person: Person, id: string, wanted: (video: Video) => boolean): Promise<Video> {
  const deadline = Date.now() + PATIENCE_SECONDS * 1000
  for (;;) {
    const video = await person.video(id)
    if (wanted(video)) return video
    if (video.state === 'failed') throw new Error(`${video.title}: ${video.problem?.code}`)
    if (Date.now() > deadline) throw new Error(`${video.title} is ${video.state} after ${PATIENCE_SECONDS} s`)
    await delay(ASK)
  }
}

/** Seconds from "complete" until a player has the bytes of the first segment of one picture and of the sound. */
export async function firstSegmentSeconds(person: Person, upload: Upload): Promise<number> {
  const begun = performance.now()
  await person.complete(upload)
  await videoWhen(person, upload.videoId, ({ playable }) => playable)
  const { url } = await call(person.url, videoRoutes.playback, { token: person.token, params: { id: upload.videoId } })
  const home = new URL(url, person.url).href
  // The sound stands first, and the smallest picture last.
  const renditions = renditionsOf(await text(home), home)
  for (const rendition of new Set([renditions[0]!, renditions.at(-1)!])) await firstOf(rendition)
  return (performance.now() - begun) / 1000
}

/** Seconds from "complete" until its sender is told that it is no film. */
export async function refusalSeconds(person: Person, upload: Upload): Promise<number> {
  const begun = performance.now()
  await person.complete(upload)
  await videoWhen(person, upload.videoId, ({ state }) => state === 'failed')
  return (performance.now() - begun) / 1000
}

async function firstOf(rendition: string): Promise<void> {
  const deadline = Date.now() + PATIENCE_SECONDS * 1000
  while (Date.now() < deadline) {
    const { init, segments } = readPlaylist(await text(rendition), rendition)
    if (init && segments[0]) {
      for (const { url, range } of [init, segments[0]])
        await (await fetch(url, range ? { headers: { range } } : {})).arrayBuffer()
      return
    }
    await delay(ASK)
  }
  throw new Error(`${rendition} has no segment`)
}

async function text(url: string): Promise<string> {
  const answer = await fetch(url)
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`)
  return answer.text()
}

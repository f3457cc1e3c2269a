import type { Video } from '@balcao/contracts'
import type { QueryClient } from '@tanstack/react-query'
import { ProblemError } from '../api/call.ts'
import type { Follower } from '../live/live-stream.ts'
import { dropVideo, putVideo, videoKeys } from './video-cache.ts'

/** Keeps the videos that pages show as they are at the server. A video is read once at a time: what changes while it is
 *  read is read once more after it, however often it changed. */
export class FollowVideos implements Follower {
  readonly #client: QueryClient
  readonly #read: (id: string) => Promise<Video>
  /** Videos that are being read, and whether they changed since. */
  readonly #reading = new Map<string, { again: boolean }>()

  constructor(client: QueryClient, read: (id: string) => Promise<Video>) {
    this.#client = client
    this.#read = read
  }

  ready(): void {
    void this.#client.invalidateQueries({ queryKey: videoKeys.all })
  }

  changed(id: string): void {
    const reading = this.#reading.get(id)
    if (reading) reading.again = true
    else void this.#follow(id)
  }

  async #follow(id: string): Promise<void> {
    const reading = { again: true }
    this.#reading.set(id, reading)
    while (reading.again) {
      reading.again = false
      try {
        putVideo(this.#client, await this.#read(id))
      } catch (error) {
        // Anything but "it is gone" is told by the page's own requests; the next change asks again.
        if (error instanceof ProblemError && error.status === 404) dropVideo(this.#client, id)
      }
    }
    this.#reading.delete(id)
  }
}

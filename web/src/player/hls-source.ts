import Hls, { Events } from 'hls.js'
import { followTracks, type Tracks } from './tracks.ts'

export interface Quality {
  /** hls.js' index of the rendition. */
  readonly level: number
  readonly height: number
}

export interface SourceEvents {
  /** The choices that there are by now, highest first; empty where the browser plays HLS itself and chooses alone. */
  readonly onQualities: (qualities: readonly Quality[]) => void
  /** The rendition that plays now. */
  readonly onPlaying: (height: number) => void
  /** What may be heard and read; never told where the browser plays HLS itself, and offers it itself. */
  readonly onTracks: (tracks: Tracks) => void
  /** Nothing more to be done here: the address must be asked for again. */
  readonly onFailure: () => void
}

export interface Source {
  /** @param level of a Quality, or -1 for automatic */
  choose(level: number): void
  /** @param track of Tracks */
  hear(track: number): void
  /** @param track of Tracks, or -1 for none */
  read(track: number): void
  destroy(): void
}

export interface SourceOptions {
  /** Of the master playlist. */
  readonly url: string
  /** Whether more of the film is still being made: longer, and in larger pictures. */
  readonly live: boolean
  /** Seconds. */
  readonly startAt: number
}

/** Plays an HLS playlist in a video element: by hls.js where there are Media Source Extensions, else by the browser. */
export function attachSource(video: HTMLVideoElement, options: SourceOptions, events: SourceEvents): Source {
  const { url, live, startAt } = options
  if (!Hls.isSupported()) return native(video, url, startAt, events)
  const hls = new Hls({
    // Segments are fMP4, which passes through as it is: nothing for a worker to do, and no blob: script to allow.
    enableWorker: false,
    // A playlist that still grows would otherwise start at its live edge.
    startPosition: startAt,
    autoStartLoad: false,
    maxBufferLength: 30,
    backBufferLength: 60,
    capLevelToPlayerSize: !live,
  })
  const tracks = followTracks(hls, events.onTracks)
  let mended = 0
  // A master playlist is read once. So that of a growing film names the pictures to come, and none of them is chosen
  // before the one for other players, which names what there is, names it.
  let missing = live
  const look = async () => {
    const there = missing ? await renditionsIn(url) : undefined
    const waitsFor = there ? hls.levels.findIndex(({ uri }) => !there.has(renditionOf(uri))) : -1
    missing = waitsFor >= 0
    hls.autoLevelCapping = missing ? Math.max(0, waitsFor - 1) : -1
    if (live && !missing) hls.capLevelToPlayerSize = true
    const qualities = hls.levels
      .map(({ height }, level) => ({ level, height }))
      .filter(({ height, level }) => height > 0 && (waitsFor < 0 || level < waitsFor))
    events.onQualities(qualities.sort((a, b) => b.height - a.height))
  }
  // Should it not be told now, the film plays in the smallest picture until it is.
  const lookSoon = () => look().catch(() => void (hls.autoLevelCapping = 0))
  hls.on(Events.MANIFEST_PARSED, () => void lookSoon().then(() => hls.startLoad(startAt)))
  hls.on(Events.LEVEL_UPDATED, () => void (missing && lookSoon()))
  hls.on(Events.LEVEL_SWITCHED, (_, { level }) => events.onPlaying(hls.levels[level]?.height ?? 0))
  hls.on(Events.ERROR, (_, { fatal, type }) => {
    if (!fatal) return
    if (type === 'mediaError' && mended++ < 2) hls.recoverMediaError()
    else events.onFailure()
  })
  hls.loadSource(live ? `${url}?announced=true` : url)
  hls.attachMedia(video)
  return {
    choose: (level) => {
      // A choice of the person's goes before the size of the player.
      hls.config.capLevelToPlayerSize = level === -1 && !missing
      hls.nextLevel = level
    },
    ...tracks,
    destroy: () => hls.destroy(),
  }
}

const renditionOf = (uri: string): string => /([^/]+)\.m3u8/.exec(uri)?.[1] ?? ''

/** What a master playlist names. @throws where it cannot be had */
async function renditionsIn(url: string): Promise<ReadonlySet<string>> {
  const answer = await fetch(url)
  if (!answer.ok) throw new Error(`The playlist answered ${answer.status}.`)
  return new Set((await answer.text()).split('\n').map(renditionOf))
}

function native(video: HTMLVideoElement, url: string, startAt: number, events: SourceEvents): Source {
  const begin = () => {
    if (startAt > 0) video.currentTime = startAt
  }
  video.addEventListener('loadedmetadata', begin, { once: true })
  video.addEventListener('error', events.onFailure)
  video.src = url
  return {
    choose: () => {},
    hear: () => {},
    read: () => {},
    destroy: () => {
      video.removeEventListener('loadedmetadata', begin)
      video.removeEventListener('error', events.onFailure)
      video.removeAttribute('src')
      video.load()
    },
  }
}

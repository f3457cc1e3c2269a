import Hls, { Events } from 'hls.js'

export interface Quality {
  /** hls.js' index of the rendition. */
  readonly level: number
  readonly height: number
}

export interface SourceEvents {
  /** The choices, highest first; empty where the browser plays HLS itself and chooses alone. */
  readonly onQualities: (qualities: readonly Quality[]) => void
  /** The rendition that plays now. */
  readonly onPlaying: (height: number) => void
  /** Nothing more to be done here: the address must be asked for again. */
  readonly onFailure: () => void
}

export interface Source {
  /** @param level of a Quality, or -1 for automatic */
  choose(level: number): void
  destroy(): void
}

/** Plays an HLS playlist in a video element: by hls.js where there are Media Source Extensions, else by the browser.
 *  @param startAt seconds */
export function attachSource(video: HTMLVideoElement, url: string, startAt: number, events: SourceEvents): Source {
  if (!Hls.isSupported()) return native(video, url, startAt, events)
  const hls = new Hls({
    // Segments are fMP4, which passes through as it is: nothing for a worker to do, and no blob: script to allow.
    enableWorker: false,
    // A playlist that still grows would otherwise start at its live edge.
    startPosition: startAt,
    maxBufferLength: 30,
    backBufferLength: 60,
    capLevelToPlayerSize: true,
  })
  let mended = 0
  hls.on(Events.MANIFEST_PARSED, (_, { levels }) => {
    const qualities = levels.map(({ height }, level) => ({ level, height })).filter(({ height }) => height > 0)
    events.onQualities(qualities.sort((a, b) => b.height - a.height))
  })
  hls.on(Events.LEVEL_SWITCHED, (_, { level }) => events.onPlaying(hls.levels[level]?.height ?? 0))
  hls.on(Events.ERROR, (_, { fatal, type }) => {
    if (!fatal) return
    if (type === 'mediaError' && mended++ < 2) hls.recoverMediaError()
    else events.onFailure()
  })
  hls.loadSource(url)
  hls.attachMedia(video)
  return {
    choose: (level) => {
      // A choice of the person's goes before the size of the player.
      hls.config.capLevelToPlayerSize = level === -1
      hls.nextLevel = level
    },
    destroy: () => hls.destroy(),
  }
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
    destroy: () => {
      video.removeEventListener('loadedmetadata', begin)
      video.removeEventListener('error', events.onFailure)
      video.removeAttribute('src')
      video.load()
    },
  }
}

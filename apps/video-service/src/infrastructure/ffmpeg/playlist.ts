/** What ffmpeg's media playlist says has been written. */
export interface MediaPlaylist {
  /** File that EXT-X-MAP names. */
  readonly init: string | undefined
  /** In order; the place is the segment's number. */
  readonly segments: readonly { readonly file: string; readonly durationSeconds: number }[]
  readonly ended: boolean
}

/** Reads a media playlist (RFC 8216 §4.3). A last line that is still being written is left for the next time. */
export function parseMediaPlaylist(text: string): MediaPlaylist {
  const lines = text.slice(0, text.lastIndexOf('\n') + 1).split('\n')
  const segments: { file: string; durationSeconds: number }[] = []
  let init: string | undefined
  let duration: number | undefined
  for (const line of lines) {
    if (line.startsWith('#EXT-X-MAP:')) init = /URI="([^"]+)"/.exec(line)?.[1]
    else if (line.startsWith('#EXTINF:')) duration = Number.parseFloat(line.slice('#EXTINF:'.length))
    else if (line && !line.startsWith('#') && duration !== undefined) {
      segments.push({ file: line, durationSeconds: duration })
      duration = undefined
    }
  }
  return { init, segments, ended: lines.includes('#EXT-X-ENDLIST') }
}

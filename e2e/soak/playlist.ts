/** A playlist as a player reads it (RFC 8216). */
export interface Read {
  readonly init: Piece | undefined
  readonly segments: readonly Piece[]
  readonly ended: boolean
}

/** Bytes at an address, all or a range of them. */
export interface Piece {
  readonly url: string
  readonly range: string | undefined
}

/** The addresses of the renditions of a master playlist. */
export function renditionsOf(master: string, home: string): string[] {
  const media = [...master.matchAll(/^#EXT-X-MEDIA:.*URI="([^"]+)"/gm)].map(([, uri]) => uri!)
  const variants = master.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return [...media, ...variants].map((uri) => new URL(uri, home).href)
}

/** RFC 8216 §4.3.2.2: a range without its beginning follows the one before. */
export function readPlaylist(text: string, home: string): Read {
  let init: Piece | undefined
  let range: string | undefined
  let end = 0
  const segments: Piece[] = []
  const bytes = (told: string) => {
    const [length, from = String(end)] = told.split('@')
    end = Number(from) + Number(length)
    return `bytes=${from}-${end - 1}`
  }
  for (const line of text.split('\n')) {
    const map = /^#EXT-X-MAP:URI="([^"]+)"(?:,BYTERANGE="([^"]+)")?/.exec(line)
    if (map) init = { url: new URL(map[1]!, home).href, range: map[2] && bytes(map[2]) }
    else if (line.startsWith('#EXT-X-BYTERANGE:')) range = bytes(line.slice('#EXT-X-BYTERANGE:'.length))
    else if (line !== '' && !line.startsWith('#')) {
      segments.push({ url: new URL(line, home).href, range })
      range = undefined
    }
  }
  return { init, segments, ended: text.includes('#EXT-X-ENDLIST') }
}

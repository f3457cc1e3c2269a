/** A box of an ISO file: its type and what is in it (ISO/IEC 14496-12 §4.2). */
function* boxesIn(bytes: Buffer): Generator<{ type: string; content: Buffer }> {
  for (let at = 0; at + 8 <= bytes.length; ) {
    const short = bytes.readUInt32BE(at)
    const head = short === 1 && at + 16 <= bytes.length ? 16 : 8
    const size = head === 16 ? Number(bytes.readBigUInt64BE(at + 8)) : short === 0 ? bytes.length - at : short
    if (size < head || at + size > bytes.length) return
    yield { type: bytes.toString('latin1', at + 4, at + 8), content: bytes.subarray(at + head, at + size) }
    at += size
  }
}

/** The content of the first box on a path of types. */
function find(bytes: Buffer, path: readonly string[]): Buffer | undefined {
  let content: Buffer | undefined = bytes
  for (const wanted of path) {
    const inside: Buffer | undefined = content
    if (!inside) return undefined
    content = [...boxesIn(inside)].find(({ type }) => type === wanted)?.content
  }
  return content
}

/** Seconds of film at which a segment of one track begins, by the clock that all renditions share.
 *  @param init the rendition's initialisation segment: its `mdhd` has the clock's rate (§8.4.2)
 *  @param segment whose `tfdt` has the time of its first sample (§8.8.12)  @returns 0 where either says nothing */
export function beginOf(init: Buffer, segment: Buffer): number {
  const header = find(init, ['moov', 'trak', 'mdia', 'mdhd'])
  const time = find(segment, ['moof', 'traf', 'tfdt'])
  if (!header || !time) return 0
  const rate = header.readUInt32BE(header[0] === 1 ? 20 : 12)
  const ticks = time[0] === 1 ? Number(time.readBigUInt64BE(4)) : time.readUInt32BE(4)
  return rate > 0 ? ticks / rate : 0
}

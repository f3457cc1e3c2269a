export interface Box {
  readonly type: string
  readonly content: Buffer
}

/** The boxes that lie one after the other (ISO/IEC 14496-12 §4.2), as far as they are whole. */
export function* boxesIn(bytes: Buffer): Generator<Box> {
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
export function findBox(bytes: Buffer, path: readonly string[]): Buffer | undefined {
  let content: Buffer | undefined = bytes
  for (const wanted of path) {
    const inside: Buffer | undefined = content
    if (!inside) return undefined
    content = [...boxesIn(inside)].find(({ type }) => type === wanted)?.content
  }
  return content
}

/** A box around its parts (ISO/IEC 14496-12 §4.2). */
export function box(type: string, ...parts: readonly Buffer[]): Buffer {
  const head = Buffer.alloc(8)
  head.writeUInt32BE(parts.reduce((sum, part) => sum + part.length, head.length))
  head.write(type, 4, 'latin1')
  return Buffer.concat([head, ...parts])
}

/** A box that has a version; its flags are zero, unless told. */
export const fullBox = (type: string, version: 0 | 1, ...parts: readonly Buffer[]): Buffer =>
  box(type, u32(version * 2 ** 24), ...parts)

/** Numbers of 32 bits, one after the other. */
export function u32(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length)
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value, 4 * index)
  return bytes
}

export function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(BigInt(value))
  return bytes
}

/** Times and places have 32 bits where these are enough for all of them, else 64 (`version` 1). */
export const fits32 = (...values: readonly number[]): boolean => values.every((value) => value < 2 ** 32)
export const wide = (version: 0 | 1, value: number): Buffer => (version === 1 ? u64(value) : u32(value))

/** Name of an H.264 rendition for CODECS (RFC 6381 §3.3), out of the `avcC` box of its init segment
 *  (ISO/IEC 14496-15 §5.3.3): profile, constraints and level in hexadecimal. */
export function avcCodec(init: Buffer): string {
  const at = init.indexOf('avcC', 0, 'latin1')
  if (at < 0) throw new Error('An init segment of H.264 has no avcC box.')
  return `avc1.${init.toString('hex', at + 5, at + 8)}`
}

/** Level, size in macroblocks, macroblocks a second (Rec. ITU-T H.264 table A-1). */
const levels = [
  [30, 1620, 40_500],
  [31, 3600, 108_000],
  [32, 5120, 216_000],
  [40, 8192, 245_760],
  [42, 8704, 522_240],
] as const

/** Name of an H.264 rendition in High profile before anything of it is there: of a level that is high enough.
 *  @param picture in pixels, at most 1920 × 1080 either way up  @param frameRate frames a second */
export function announcedCodec({ width, height }: { width: number; height: number }, frameRate: number): string {
  const size = Math.ceil(width / 16) * Math.ceil(height / 16)
  const [level] = levels.find(([, most, rate]) => size <= most && size * frameRate <= rate) ?? levels.at(-1)!
  return `avc1.6400${level.toString(16).padStart(2, '0')}`
}

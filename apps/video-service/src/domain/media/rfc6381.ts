/** Name of an H.264 rendition for CODECS (RFC 6381 §3.3), out of the `avcC` box of its init segment
 *  (ISO/IEC 14496-15 §5.3.3): profile, constraints and level in hexadecimal. */
export function avcCodec(init: Buffer): string {
  const at = init.indexOf('avcC', 0, 'latin1')
  if (at < 0) throw new Error('An init segment of H.264 has no avcC box.')
  return `avc1.${init.toString('hex', at + 5, at + 8)}`
}

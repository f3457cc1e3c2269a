/** The encoder x264 says with this how it was set. */
const X264 = 'dc45e9bde6d948b7962cd820d923eeef'
/** Captions and how wide they are, registered by ATSC and DTG (Rec. ITU-T T.35: country, provider). */
const CAPTIONS = ['b50031']
const [REGISTERED, UNREGISTERED, LAST_STANDARD] = [4, 5, 205]

/** Whether messages that lie beside the pictures of H.264 (Rec. ITU-T H.264 annex D) say more than how to show them: a
 *  camera's place or name, or what nobody knows.  @param bytes NAL units of type 6, behind start codes (annex B) */
export function seiTells(bytes: Buffer): boolean {
  const stream = bytes.toString('latin1')
  return stream
    .split(/\0\0\x01/)
    .filter((unit) => unit !== '' && !/^\0*$/.test(unit))
    .some((unit) => unitTells(Buffer.from(unit.replace(/\0\0\x03/g, '\0\0'), 'latin1').subarray(1)))
}

function unitTells(payloads: Buffer): boolean {
  let at = 0
  /** Numbers are as many 255s as there are in them, and the rest (§7.3.2.3.1). */
  const number = () => {
    let value = 0
    while (payloads[at] === 255) value += payloads[at++]!
    return value + (payloads[at++] ?? 0)
  }
  // What is left at the end is one bit and zeros.
  while (at + 2 < payloads.length) {
    const [type, size] = [number(), number()]
    const payload = payloads.subarray(at, at + size)
    at += size
    if (type > LAST_STANDARD) return true
    if (type === UNREGISTERED && payload.toString('hex', 0, 16) !== X264) return true
    if (type === REGISTERED && !CAPTIONS.includes(payload.toString('hex', 0, 3))) return true
  }
  return false
}

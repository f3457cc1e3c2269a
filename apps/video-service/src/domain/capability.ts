import { createHmac, timingSafeEqual } from 'node:crypto'

/** The right to watch one attempt at one video until a moment. It stands in a URL, so that players need no header. */
export interface Capability {
  readonly videoId: string
  /** The playlists stay those of this attempt, whatever is made later. */
  readonly attempt: number
  /** The fixed moment at which every segment's URL is signed, so that a playlist read again is the same bytes. */
  readonly issuedAt: Date
  readonly expiresAt: Date
  /** Whether segments were still being added when it was given: the type of its playlists never changes. */
  readonly live: boolean
}

const SIX_HOURS = 6 * 3600
/** Seconds; a film whose length is not known yet. */
const UNKNOWN_LENGTH = 12 * 3600
/** S3 refuses a signature good for longer. */
const SEVEN_DAYS = 7 * 86_400

/** Seconds that a capability for a film lasts: its length and six hours (VIDEO.md, "Who may watch"). */
export function capabilitySeconds(durationSeconds: number | undefined): number {
  return Math.min(Math.ceil(durationSeconds ?? UNKNOWN_LENGTH) + SIX_HOURS, SEVEN_DAYS)
}

const MAC_BYTES = 16
const BODY_BYTES = 16 + 4 + 4 + 2 + 1

const mac = (body: Buffer, key: Buffer) => createHmac('sha256', key).update(body).digest().subarray(0, MAC_BYTES)

/** 58 characters of base64url: 27 bytes and the first 16 of their HMAC-SHA-256.
 *  @param capability its times are whole seconds, its video a UUID */
export function sealCapability(capability: Capability, key: Buffer): string {
  const body = Buffer.alloc(BODY_BYTES)
  body.write(capability.videoId.replaceAll('-', ''), 0, 'hex')
  body.writeUInt32BE(capability.issuedAt.getTime() / 1000, 16)
  body.writeUInt32BE(capability.expiresAt.getTime() / 1000, 20)
  body.writeUInt16BE(capability.attempt, 24)
  body.writeUInt8(capability.live ? 1 : 0, 26)
  return Buffer.concat([body, mac(body, key)]).toString('base64url')
}

/** What `sealCapability` sealed with that key; undefined for anything else. Expiry is for the caller to judge. */
export function openCapability(text: string, key: Buffer): Capability | undefined {
  const bytes = Buffer.from(text, 'base64url')
  // A second spelling of the same bytes (stray bits, padding) is no capability of ours.
  if (bytes.length !== BODY_BYTES + MAC_BYTES || bytes.toString('base64url') !== text) return undefined
  const body = bytes.subarray(0, BODY_BYTES)
  if (!timingSafeEqual(bytes.subarray(BODY_BYTES), mac(body, key))) return undefined
  const id = body.toString('hex', 0, 16)
  return {
    videoId: [id.slice(0, 8), id.slice(8, 12), id.slice(12, 16), id.slice(16, 20), id.slice(20)].join('-'),
    issuedAt: new Date(body.readUInt32BE(16) * 1000),
    expiresAt: new Date(body.readUInt32BE(20) * 1000),
    attempt: body.readUInt16BE(24),
    live: body.readUInt8(26) === 1,
  }
}

import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

/** base64(HMAC-SHA-256(client secret, username + client id)): how a confidential client proves itself. */
export function secretHash(secret: string, username: string, clientId: string): string {
  return createHmac('sha256', secret)
    .update(username + clientId)
    .digest('base64')
}

/** Compares two texts of any length in constant time. */
export function sameText(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(a), digest(b))
}

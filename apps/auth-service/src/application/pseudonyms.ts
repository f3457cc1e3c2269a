import { createHmac } from 'node:crypto'
import type { Secrets } from '@balcao/platform'
import { normalEmail } from '../domain/email.ts'

/** Opaque names for people who have typed a username, for keys that may not hold an e-mail. */
export class Pseudonyms {
  constructor(private readonly secrets: Secrets) {}

  /** The same 22 characters at each call with the same username, in any capitals. */
  async of(username: string): Promise<string> {
    const { bytes } = await this.secrets.current('username-hmac')
    return createHmac('sha256', bytes).update(normalEmail(username)).digest('base64url').slice(0, 22)
  }
}

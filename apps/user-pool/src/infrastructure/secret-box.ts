import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import type { Secrets } from '@balcao/platform'

export interface Sealed {
  readonly keyId: string
  readonly bytes: Buffer
}

const NONCE = 12
const TAG = 16

/** TOTP secrets at rest: AES-256-GCM, bound to whose they are. */
export class SecretBox {
  constructor(private readonly secrets: Secrets) {}

  async seal(secret: Buffer, owner: string): Promise<Sealed> {
    const key = await this.secrets.current('totp')
    const nonce = randomBytes(NONCE)
    const cipher = createCipheriv('aes-256-gcm', key.bytes, nonce).setAAD(Buffer.from(owner))
    const text = Buffer.concat([cipher.update(secret), cipher.final()])
    return { keyId: key.id, bytes: Buffer.concat([nonce, text, cipher.getAuthTag()]) }
  }

  /** Throws where the bytes are another's or were altered. */
  async open({ keyId, bytes }: Sealed, owner: string): Promise<Buffer> {
    const key = await this.secrets.byId('totp', keyId)
    const decipher = createDecipheriv('aes-256-gcm', key.bytes, bytes.subarray(0, NONCE))
      .setAAD(Buffer.from(owner))
      .setAuthTag(bytes.subarray(-TAG))
    return Buffer.concat([decipher.update(bytes.subarray(NONCE, -TAG)), decipher.final()])
  }
}

import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto'
import { type Cpf, parseCpf } from '@balcao/kernel'
import type { Secrets } from '@balcao/platform'

/** A CPF as it stands in the database: findable by its HMAC, readable by its ciphertext, each with its key's id. */
export interface SealedCpf {
  readonly hmac: Buffer
  readonly hmacKey: string
  /** 12 bytes of nonce, 16 of tag, then AES-256-GCM's ciphertext. */
  readonly cipher: Buffer
  readonly cipherKey: string
}

/** Seals and opens CPFs with the secrets `cpf-hmac` and `cpf-aes`. */
export class CpfVault {
  constructor(private readonly secrets: Secrets) {}

  /** @param person the row's id: the ciphertext opens only beside it */
  async seal(cpf: Cpf, person: string): Promise<SealedCpf> {
    const [pepper, key] = await Promise.all([this.secrets.current('cpf-hmac'), this.secrets.current('cpf-aes')])
    const nonce = randomBytes(12)
    const aes = createCipheriv('aes-256-gcm', key.bytes, nonce).setAAD(Buffer.from(person))
    const sealed = Buffer.concat([aes.update(cpf, 'ascii'), aes.final()])
    return {
      hmac: createHmac('sha256', pepper.bytes).update(cpf).digest(),
      hmacKey: pepper.id,
      cipher: Buffer.concat([nonce, aes.getAuthTag(), sealed]),
      cipherKey: key.id,
    }
  }

  /** @throws when the ciphertext was altered or belongs to another person; AppError `secrets/unknown_key` */
  async open({ cipher, cipherKey }: Pick<SealedCpf, 'cipher' | 'cipherKey'>, person: string): Promise<Cpf> {
    const key = await this.secrets.byId('cpf-aes', cipherKey)
    const aes = createDecipheriv('aes-256-gcm', key.bytes, cipher.subarray(0, 12)).setAAD(Buffer.from(person))
    aes.setAuthTag(cipher.subarray(12, 28))
    return parseCpf(aes.update(cipher.subarray(28), undefined, 'ascii') + aes.final('ascii'))
  }
}

import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto'
import { promisify } from 'node:util'
import type { Claims, TokenSigner } from '../application/token-signer.ts'

/** A pool's RSA-2048 key and its public half as a JWK. */
export class RsaSigner implements TokenSigner {
  readonly jwk: Readonly<Record<string, unknown>>
  readonly #private: KeyObject
  readonly #public: KeyObject
  readonly #header: string

  /** @param pem the private key, PKCS #8 */
  constructor(pem: string) {
    this.#private = createPrivateKey(pem)
    this.#public = createPublicKey(this.#private)
    const { kty, n, e } = this.#public.export({ format: 'jwk' })
    // The thumbprint of RFC 7638: members in this order, no white space.
    const kid = createHash('sha256').update(JSON.stringify({ e, kty, n })).digest('base64url')
    this.jwk = { alg: 'RS256', e, kid, kty, n, use: 'sig' }
    this.#header = encode({ kid, alg: 'RS256' })
  }

  sign(claims: Claims): string {
    const content = `${this.#header}.${encode(claims)}`
    return `${content}.${sign('sha256', Buffer.from(content), this.#private).toString('base64url')}`
  }

  verified(token: string): Claims | undefined {
    const [header, payload, signature, more] = token.split('.')
    // Our header is always the same text, so that alg and kid need no parsing and leave no choice.
    if (header !== this.#header || !payload || !signature || more !== undefined) return undefined
    const content = Buffer.from(`${header}.${payload}`)
    if (!verify('sha256', content, this.#public, Buffer.from(signature, 'base64url'))) return undefined
    return JSON.parse(Buffer.from(payload, 'base64url').toString()) as Claims
  }
}

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

/** A new private key in PEM. */
export async function newRsaKey(): Promise<string> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 })
  return privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
}

import { refusal } from '../../domain/refusal.ts'
import { digestOf } from '../checksums/digests.ts'
import type { Body, Received } from './body.ts'
import { tooLong, verify, wantedOf } from './verify-body.ts'

/** Takes a small body into memory and verifies all that was said about it.
 *  @throws AppError `IncompleteBody`, `BadDigest`, `XAmzContentSHA256Mismatch` */
export async function collect(body: Body): Promise<Received & { readonly bytes: Buffer }> {
  let bytes: Buffer = Buffer.alloc(0)
  let received = 0
  for await (const chunk of body.chunks) {
    if (received + chunk.length > body.size) throw tooLong()
    if (chunk.length === body.size) bytes = chunk
    else {
      // Copied, because what comes byte by byte would be many times its size.
      if (received === 0) bytes = Buffer.allocUnsafeSlow(body.size)
      bytes.set(chunk, received)
    }
    received += chunk.length
  }
  if (received !== body.size) throw refusal('IncompleteBody')
  const found = [...wantedOf(body)].map((name) => [name, digestOf(name, bytes)] as const)
  return { bytes, ...verify(body, new Map(found), undefined) }
}

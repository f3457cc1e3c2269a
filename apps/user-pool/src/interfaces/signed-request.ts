import { createHash } from 'node:crypto'
import type { AccessKey } from '@balcao/platform'
import { type SignedRequest, type SigV4Refusal, verifySigV4 } from '@balcao/platform/aws'
import { WireError } from './wire-error.ts'

/** AWS's names for what is wrong with a signature. */
const TYPES: Record<SigV4Refusal, string> = {
  missing: 'MissingAuthenticationTokenException',
  malformed: 'IncompleteSignatureException',
  unknown_key: 'UnrecognizedClientException',
  skewed: 'InvalidSignatureException',
  expired: 'InvalidSignatureException',
  expires_too_long: 'InvalidSignatureException',
  unsigned_header: 'InvalidSignatureException',
  mismatch: 'InvalidSignatureException',
}

/** Lets a request pass that the holder of the pool's access key signed, body included.
 *  @throws WireError */
export function requireSignature(request: SignedRequest, body: Buffer, key: AccessKey, now: Date): void {
  const verified = verifySigV4(request, (id) => (id === key.accessKeyId ? key.secretAccessKey : undefined), {
    service: 'cognito-idp',
    now,
    payloadHash: createHash('sha256').update(body).digest('hex'),
  })
  if (!verified.ok) throw new WireError(TYPES[verified.reason], verified.message)
  // A presigned request may leave its body unsigned; Cognito has none.
  if (verified.presigned) throw new WireError('IncompleteSignatureException', 'Sign in the Authorization header.')
}

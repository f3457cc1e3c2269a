import { createHash } from 'node:crypto'
import type { Cache } from '@balcao/platform'
import { z } from 'zod'
import { Pending } from './pending.ts'
import type { Pseudonyms } from './pseudonyms.ts'

const MfaSession = z.object({
  challenge: z.enum(['SOFTWARE_TOKEN_MFA', 'SMS_MFA']),
  username: z.string(),
  session: z.string(),
})
export type MfaSessions = Pending<z.infer<typeof MfaSession>>

/** D4-17: the pool's session under `mfa-session:{userId}`, 300 s. */
export const mfaSessions = (cache: Cache): MfaSessions => new Pending(cache, 'mfa-session', 300, MfaSession)

/** What follows `mfa-session:`. It is an opaque name of the user, since an e-mail may not be a key. A browser's
 *  sign-in adds its flow: only the browser that holds it finds the session, and nobody else can overwrite it.
 *  @param flow the browser's secret; undefined for a caller that is not a browser */
export async function mfaSessionId(names: Pseudonyms, username: string, flow: string | undefined): Promise<string> {
  const userId = await names.of(username)
  return flow === undefined ? userId : `${userId}:${createHash('sha256').update(flow).digest('base64url').slice(0, 22)}`
}

import type { Cache } from '@balcao/platform'
import { z } from 'zod'
import { Pending } from './pending.ts'

const Enrolment = z.object({
  /** What the authenticator app shows beside the code. */
  account: z.string(),
  username: z.string(),
  session: z.string(),
  /** Base32: a reloaded page shows the same QR code. */
  secret: z.string(),
})
export type Enrolments = Pending<z.infer<typeof Enrolment>>

/** Someone who enrols an authenticator app, under `mfa-setup:{flow}` for 900 s: installing one takes a while. */
export const enrolments = (cache: Cache): Enrolments => new Pending(cache, 'mfa-setup', 900, Enrolment)

import { defineEvents, event, type Telling } from '@balcao/platform'

/** What happens to people's accounts (D1-36). Nothing in it names a person. */
export const authEvents = defineEvents('auth', {
  registered: event<Record<never, never>>({
    says: 'Accounts created',
    metric: 'auth_registrations_total',
    audit: true,
  }),
  /** @param result `ok`, or the code of the refusal that ended the try */
  signed_in: event<{ result: string }>({
    says: 'Sign-ins by result',
    metric: 'auth_sign_ins_total',
    labels: ['result'],
  }),
  mfa_activated: event<Record<never, never>>({
    says: 'Authenticator apps enrolled',
    metric: 'auth_mfa_activations_total',
    audit: true,
  }),
})
export type TellAuth = Telling<typeof authEvents.specs>

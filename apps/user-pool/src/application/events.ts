import { defineEvents, event, type Telling } from '@balcao/platform'

/** What happens at the pool (D1-36). Nothing in it names a person, and none of it costs a statement: sign-ins are many. */
export const poolEvents = defineEvents('user_pool', {
  registered: event<Record<never, never>>({ says: 'Accounts created' }),
  sign_in: event<{ result: 'ok' | 'failed' }>({ says: 'Sign-ins by result', labels: ['result'] }),
  mfa_activated: event<Record<never, never>>({ says: 'Second factors proven' }),
})
export type TellPool = Telling<typeof poolEvents.specs>

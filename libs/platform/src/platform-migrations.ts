import m0001 from '../migrations/0001_platform.sql'

/** Tables that every service's schema has beside its own: outbox, inbox, cache, schedules. */
export const platformMigrations: Readonly<Record<string, string>> = { 'platform/0001_platform': m0001 }

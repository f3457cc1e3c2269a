import type { ServiceIdentity } from '../service.ts'
import type { Migrations } from './migrations.ts'

/** What a service's schema is made of: the tables that every service has beside its own. */
export async function migrationsOf(service: Pick<ServiceIdentity, 'migrations'>): Promise<Migrations> {
  const [{ default: common }, own] = await Promise.all([import('../../migrations/service/*.sql'), service.migrations()])
  const named = Object.entries(common).map(([name, text]) => [`platform/${name}`, text])
  return { ...Object.fromEntries(named), ...own }
}

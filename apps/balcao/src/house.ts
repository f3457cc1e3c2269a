import type { Service } from '@balcao/platform'
import m0001 from '../migrations/0001_heartbeats.sql'

/** The house's own schema: which processes are alive. */
export const house: Pick<Service, 'name' | 'migrations' | 'connections'> = {
  name: 'house',
  migrations: { '0001_heartbeats': m0001 },
  connections: 2,
}

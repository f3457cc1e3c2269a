import type { Service } from '@balcao/platform'
import accounts from '../migrations/0001_accounts.sql'
import { sweep } from './infrastructure/pg-sweep.ts'
import { serveUserPool } from './user-pool.ts'

/** The embedded user pool: Cognito's wire protocol on a port of its own. */
export const userPool: Service = {
  name: 'user-pool',
  migrations: { '0001_accounts': accounts },
  connections: 8,
  serve: serveUserPool,
  work: async ({ jobs, sql, clock }) => {
    await jobs.every('user-pool-sweep', 600, () => sweep(sql, clock.now()))
    // The queue hands back what runs when the platform closes.
    return { close: async () => {} }
  },
}

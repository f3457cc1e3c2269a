import { defineService } from '@balcao/platform'

/** The embedded user pool: Cognito's wire protocol on a port of its own. */
export const userPool = defineService({
  name: 'user-pool',
  parts: ['user-pool'],
  connections: 8,
  needs: ['sql', 'scheduler', 'mailer', 'secrets'],
  migrations: () => import('../migrations/*.sql').then((found) => found.default),
  queues: {},
  open: (platform) => import('./open.ts').then(({ open }) => open(platform)),
  serve: (pool, ground) => import('./interfaces/server.ts').then(({ serve }) => serve(pool, ground)),
  address: ({ urls }) => urls.userPool,
  listens: ({ ports }) => ports.userPool,
  work: {},
  schedules: { 'user-pool-sweep': { everySeconds: 600, run: (pool) => pool.sweep() } },
})

import { defineService } from '@balcao/platform'

/** The house's own schema: which processes are alive. */
export const house = defineService({
  name: 'house',
  parts: [],
  connections: 2,
  needs: ['sql', 'tokens'],
  migrations: () => import('../migrations/*.sql').then((found) => found.default),
  queues: {},
  open: async (platform) => platform,
  work: {},
})

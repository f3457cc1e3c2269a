import { storeEventsRoutes } from '@balcao/contracts'
import { defineService } from '@balcao/platform'

/** The ears for a store that is not ours: what it tells of new objects becomes the event that our own store publishes,
 *  so that nobody behind it knows the difference (D1-17, D1-31). */
export const storeEvents = defineService({
  name: 'store-events',
  parts: ['store-events'],
  connections: 2,
  runs: ({ store }) => store.kind === 's3',
  needs: ['sql', 'events', 'objects', 'scheduler'],
  migrations: async () => ({}),
  queues: {},
  routes: storeEventsRoutes,
  open: (platform) => import('./open.ts').then(({ open }) => open(platform)),
  http: { 'store-events': () => import('./interfaces/http/controllers.ts').then(({ controllers }) => controllers) },
  work: {},
  // A turn lasts as long as its process: one listens at a time, another takes its place.
  schedules: { 'store-events-listen': { everySeconds: 10, run: (ears) => ears.listen() } },
})

import { defineService } from '@balcao/platform'

/** An S3-compatible store on disk: what Balcão uses of S3, exactly, on an origin of its own. */
export const objectStore = defineService({
  name: 'object-store',
  parts: ['object-store'],
  connections: 10,
  runs: ({ store }) => store.kind === 'embedded',
  needs: ['sql', 'events', 'scheduler'],
  migrations: () => import('../migrations/*.sql').then((found) => found.default),
  queues: {},
  open: (platform) => import('./open.ts').then(({ open }) => open(platform)),
  serve: (store, ground) => import('./interfaces/server.ts').then(({ serve }) => serve(store, ground)),
  address: ({ store }) => store.endpoint,
  listens: ({ ports }) => ports.objectStore,
  work: {},
  schedules: { 'object-store-sweep': { everySeconds: 3600, run: (store) => store.sweep.run() } },
})

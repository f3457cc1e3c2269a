import { type AuthProblem, authRoutes, everyRefusal, mailboxRoutes } from '@balcao/contracts'
import { defineService } from '@balcao/platform'
import { refusals } from './domain/refusals.ts'

/** CPF, passwords and second factors: who a person is (D0, D1, D2, D4). */
export const authService = defineService({
  name: 'auth',
  parts: ['auth'],
  connections: 4,
  needs: ['sql', 'events', 'cache', 'mailer', 'secrets'],
  migrations: () => import('../migrations/*.sql').then((found) => found.default),
  queues: {},
  refusals: everyRefusal<AuthProblem>()(refusals),
  routes: { ...authRoutes, mailbox: mailboxRoutes.list },
  open: (platform) => import('./open.ts').then(({ open }) => open(platform)),
  http: { auth: () => import('./interfaces/http/controllers.ts').then(({ controllers }) => controllers) },
  work: {},
  topics: {
    'video.frames-ended': { consumer: 'auth.notify-frames', handle: (auth, ended) => auth.notifyFrames.run(ended) },
  },
})

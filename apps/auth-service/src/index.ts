import { authRoutes, mailboxRoutes } from '@balcao/contracts'
import type { Service } from '@balcao/platform'
import people from '../migrations/0001_people.sql'
import { authServiceModule } from './auth-service.module.ts'

/** CPF, passwords and second factors: who a person is (D0, D1, D2, D4). */
export const authService: Service = {
  name: 'auth',
  migrations: { '0001_people': people },
  connections: 4,
  api: {
    module: authServiceModule,
    routes: { ...authRoutes, mailbox: mailboxRoutes.list },
  },
}

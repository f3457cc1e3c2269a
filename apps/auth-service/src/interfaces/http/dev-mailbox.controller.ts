import { type MailboxList, mailboxRoutes } from '@balcao/contracts'
import { Answers, type Asked, USE_CASES } from '@balcao/platform/http'
import { Controller, Inject } from '@nestjs/common'
import type { AuthUseCases } from '../../open.ts'

@Controller()
export class DevMailboxController {
  constructor(@Inject(USE_CASES) private readonly auth: AuthUseCases) {}

  @Answers(mailboxRoutes.list)
  async list({ query, request }: Asked<typeof mailboxRoutes.list>): Promise<MailboxList> {
    return { items: await this.auth.readDevMailbox.run({ ...query, host: request.headers.host }) }
  }
}

import { type MailboxList, mailboxRoutes } from '@balcao/contracts'
import { AppError } from '@balcao/kernel'
import { isLoopbackUrl, isMailbox, type Platform } from '@balcao/platform'
import { PLATFORM } from '@balcao/platform/http'
import { Controller, Get, Headers, Inject, Query } from '@nestjs/common'

/** What the mailbox caught, for whoever develops on this machine. It shows other people's codes, so it is there only
 *  where nobody else can ask: the configuration says loopback, and so does the Host that was asked for (a page that
 *  points its own name at 127.0.0.1 sends that name). */
@Controller('dev/mailbox')
export class DevMailboxController {
  constructor(@Inject(PLATFORM) private readonly platform: Platform) {}

  @Get()
  async list(
    @Query({ schema: mailboxRoutes.list.query }) { to }: { to?: string },
    @Headers('host') host: string | undefined,
  ): Promise<MailboxList> {
    const { mailer } = this.platform
    if (!isMailbox(mailer) || !this.#isHere(host)) {
      throw new AppError('not_found', 'request/no_such_route', 'Not Found')
    }
    return { items: await mailer.messages(to) }
  }

  #isHere(host: string | undefined): boolean {
    const { config } = this.platform
    const addresses = [`http://${urlHost(config.host)}`, config.urls.public, `http://${host}`]
    return host !== undefined && addresses.every(isLoopback)
  }
}

const urlHost = (host: string) => (host.includes(':') ? `[${host}]` : host)

const isLoopback = (address: string) => URL.canParse(address) && isLoopbackUrl(address)

import { isLoopbackUrl, isMailbox, type KeptMessage, type Mailer } from '@balcao/platform'
import { refusals } from '../domain/refusals.ts'

/** What the mailbox caught, for whoever develops on this machine. It shows other people's codes, so it is there only
 *  where nobody else can ask: the configuration says loopback, and so does the Host that was asked for (a page that
 *  points its own name at 127.0.0.1 sends that name). */
export class ReadDevMailbox {
  constructor(private readonly need: { readonly mailer: Mailer; readonly addresses: readonly string[] }) {}

  /** Newest first. @param input.to only those to this address  @param input.host as the request names it
   *  @throws AppError `request/no_such_route` where it is not there */
  async run(input: { to?: string | undefined; host: string | undefined }): Promise<KeptMessage[]> {
    const { mailer, addresses } = this.need
    const here = input.host !== undefined && [...addresses, `http://${input.host}`].every(isLoopback)
    if (!isMailbox(mailer) || !here) throw refusals.noSuchRoute()
    return mailer.messages(input.to)
  }
}

const isLoopback = (address: string) => URL.canParse(address) && isLoopbackUrl(address)

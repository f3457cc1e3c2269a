import type { Mailer, Platform } from '@balcao/platform'
import type { CodeMail } from '../application/code-delivery.ts'

/** Codes by e-mail, posted in the background. A mail that cannot be posted is logged; the person asks for another. */
export class PostedCodeMail implements CodeMail {
  readonly #posting = new Set<Promise<void>>()

  constructor(
    private readonly mailer: Mailer,
    private readonly log: Platform['log'],
  ) {}

  sendConfirmation(email: string, code: string): void {
    const posting = this.mailer
      .send({
        to: email,
        subject: 'Confirme seu e-mail',
        text: `Seu código de confirmação é ${code}.\n\nEle vale por 24 horas e só uma vez. Se não foi você quem pediu, ignore esta mensagem.\n`,
      })
      .catch((error: unknown) => this.log.error({ err: error }, 'a confirmation code could not be posted'))
      .finally(() => this.#posting.delete(posting))
    this.#posting.add(posting)
  }

  /** Resolves when nothing is on its way. */
  async close(): Promise<void> {
    await Promise.all(this.#posting)
  }
}

import type { CDPSession, Page } from 'playwright-core'
import { en, type Key, ptBr } from '../../web/src/i18n/dictionaries.ts'
import { mailedCode, type Particulars, somebody } from './person.ts'
import { Authenticator } from './totp.ts'

export type Language = 'pt-BR' | 'en'

interface Manner {
  readonly language?: Language
  /** Called at each page on the way, with a name for it: a picture, axe. */
  readonly look?: (name: string) => Promise<void>
}

/** A person at a browser, who reads what is on the page and answers it. */
export class Visitor {
  readonly look: (name: string) => Promise<void>
  readonly language: Language
  authenticator: Authenticator | undefined
  // One: what a session limits stays limited until that same session lifts it.
  #devtools: CDPSession | undefined

  constructor(
    readonly page: Page,
    readonly particulars: Particulars = somebody(),
    { language = 'pt-BR', look = async () => undefined }: Manner = {},
  ) {
    this.language = language
    this.look = look
  }

  /** What the page calls something, in the visitor's language. */
  t(key: Key, values: Record<string, string> = {}): string {
    const text: string = (this.language === 'en' ? en : ptBr)[key]
    return text.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '')
  }

  field(key: Key) {
    return this.page.getByLabel(this.t(key), { exact: true })
  }

  press(key: Key): Promise<void> {
    return this.page
      .getByRole('button', { name: this.t(key), exact: true })
      .first()
      .click()
  }

  heading(key: Key): Promise<void> {
    return this.page.getByRole('heading', { name: this.t(key), level: 1 }).waitFor()
  }

  /** The four questions of a new account, up to the page that asks for the mailed code. */
  async createAccount(): Promise<void> {
    await this.page.goto('/criar-conta')
    const { name, email, cpf, password } = this.particulars
    const questions = [
      ['field.name', name],
      ['field.email', email],
      ['field.cpf', cpf],
      ['field.password', password],
    ] as const
    for (const [index, [key, value]] of questions.entries()) {
      await this.field(key).fill(value)
      await this.look(`criar-conta-${index + 1}`)
      await this.press(index < questions.length - 1 ? 'do.continue' : 'signUp.submit')
    }
    await this.heading('confirm.title')
    await this.look('confirmar')
  }

  /** The code from the development mailbox, found on its page in a second tab. */
  async confirmEmail(): Promise<void> {
    const { email } = this.particulars
    const mailbox = await this.page.context().newPage()
    await mailbox.goto('/caixa-de-teste')
    await mailbox.getByText(email).first().waitFor()
    await mailbox.close()
    await this.field('field.code').fill(await mailedCode(new URL(this.page.url()).origin, email))
    await this.press('confirm.submit')
    await this.heading('factor.enrolTitle')
    await this.page.getByRole('img', { name: this.t('factor.qr') }).waitFor()
    await this.look('ativar-segundo-fator')
  }

  /** Takes the shown key into an authenticator app and proves it. Ends in the library. */
  async enrol(): Promise<void> {
    this.authenticator = new Authenticator(await this.field('factor.secret').innerText())
    await this.field('field.code').fill(await this.authenticator.next())
    await this.press('factor.enrolSubmit')
    await this.heading('library.title')
  }

  async signUp(): Promise<void> {
    await this.createAccount()
    await this.confirmEmail()
    await this.enrol()
  }

  /** Password and code. Ends in the library. */
  async signIn(): Promise<void> {
    await this.page.goto('/entrar')
    await this.field('field.email').fill(this.particulars.email)
    await this.look('entrar')
    await this.press('do.continue')
    await this.field('field.password').fill(this.particulars.password)
    await this.look('entrar-senha')
    await this.press('signIn.submit')
    await this.field('field.code').fill(await this.authenticator!.next())
    await this.look('segundo-fator')
    await this.press('factor.submit')
    await this.heading('library.title')
  }

  /** Its name goes on with the person's initials. */
  openPersonMenu(): Promise<void> {
    return this.page.getByRole('button', { name: this.t('nav.person') }).click()
  }

  async signOut(): Promise<void> {
    await this.openPersonMenu()
    await this.page.getByRole('menuitem', { name: this.t('nav.signOut') }).click()
    await this.page.waitForURL(/\/entrar/)
  }

  /** Picks files, as the system's file dialog would give them. */
  async pickFiles(paths: string | string[]): Promise<void> {
    const chooser = this.page.waitForEvent('filechooser')
    await this.press('library.upload')
    await (await chooser).setFiles(paths)
  }

  /** The card of one video in the library. */
  card(title: string) {
    return this.page.getByRole('article', { name: title, exact: true })
  }

  /** Sends no faster than this, so that there is something to see. @param bytesPerSecond -1 for no limit */
  async uploadAt(bytesPerSecond: number): Promise<void> {
    if (!this.#devtools) {
      this.#devtools = await this.page.context().newCDPSession(this.page)
      await this.#devtools.send('Network.enable')
    }
    await this.#devtools.send('Network.emulateNetworkConditions', {
      ...{ offline: false, latency: 0, downloadThroughput: -1 },
      uploadThroughput: bytesPerSecond,
    })
  }
}

import { randomBytes } from 'node:crypto'
import type { Tokens } from '@balcao/contracts'
import { until } from '@balcao/testing'
import { cpf } from 'cpf-cnpj-validator'
import { Secret, TOTP } from 'otpauth'

export interface Person {
  readonly name: string
  readonly email: string
  readonly cpf: string
  readonly password: string
}

export interface SignedUpPerson extends Person {
  /** Of the sign-in that enrolling ended with. */
  readonly tokens: Required<Tokens>
  readonly app: AuthenticatorApp
}

/** An authenticator app. The pool takes a time step once only, so each code is of a later step than the one before;
 *  it also takes the next step's, which is why two codes can be had at once. */
export class AuthenticatorApp {
  #lastStep = 0
  readonly secret: string
  readonly #totp: TOTP
  readonly #now: () => Date

  constructor(secret: string, now: () => Date) {
    this.secret = secret
    this.#totp = new TOTP({ secret: Secret.fromBase32(secret) })
    this.#now = now
  }

  /** A code that was not used yet. @throws when the servers would not take it before the clock moves on */
  nextCode(): string {
    const current = Math.floor(this.#now().getTime() / 30_000)
    const step = Math.max(current, this.#lastStep + 1)
    if (step > current + 1) throw new Error('Both codes of this half minute are used: move the clock by 30 s.')
    this.#lastStep = step
    return this.#totp.generate({ timestamp: step * 30_000 })
  }

  /** A code that is wrong now and in the steps around it. */
  wrongCode(): string {
    const now = this.#now().getTime()
    const right = [-2, -1, 0, 1, 2].map((step) => this.#totp.generate({ timestamp: now + step * 30_000 }))
    return ['000000', '111111', '222222', '333333', '444444', '555555'].find((code) => !right.includes(code))!
  }
}

/** Someone nobody has met before. */
export function newPerson(given: Partial<Person> = {}): Person {
  return {
    name: 'Maria da Silva',
    email: `maria.${randomBytes(6).toString('hex')}@exemplo.com.br`,
    cpf: cpf.generate(true),
    password: 'Uma-Senha-Longa-4-Todos',
    ...given,
  }
}

/** POSTs JSON as a program does, without an Origin. */
export async function post(baseUrl: string, path: string, body: unknown, headers: Record<string, string> = {}) {
  const answer = await fetch(`${baseUrl}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
  const text = await answer.text()
  return { status: answer.status, headers: answer.headers, body: text ? JSON.parse(text) : undefined }
}

async function must(baseUrl: string, path: string, body: unknown) {
  const answer = await post(baseUrl, path, body)
  if (answer.status >= 300) throw new Error(`POST ${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`)
  return answer.body
}

/** The newest code sent to an address, once it is there. */
export function mailedCode(baseUrl: string, email: string): Promise<string> {
  return until(async () => {
    const answer = await fetch(`${baseUrl}/dev/mailbox?to=${encodeURIComponent(email)}`)
    if (!answer.ok) throw new Error(`GET /dev/mailbox answered ${answer.status}`)
    const { items } = (await answer.json()) as { items: { text: string }[] }
    return items.map(({ text }) => /\b\d{6}\b/.exec(text)?.[0]).find(Boolean)
  })
}

/** An account that is confirmed and has no second factor yet. */
export async function registerPerson(baseUrl: string): Promise<Person> {
  const person = newPerson()
  await must(baseUrl, '/auth/register', person)
  const code = await mailedCode(baseUrl, person.email)
  await must(baseUrl, '/auth/confirm', { email: person.email, code })
  return person
}

/** The whole way of a new person over a running system: account, e-mail, authenticator app, tokens.
 *  @param baseUrl of the API, with its development mailbox  @param now the clock of the servers */
export async function signUpPerson(baseUrl: string, { now }: { now: () => Date }): Promise<SignedUpPerson> {
  const person = await registerPerson(baseUrl)
  const { flow } = await must(baseUrl, '/auth/login', { username: person.email, password: person.password })
  const { secret } = await must(baseUrl, '/auth/mfa/setup', { flow })
  const app = new AuthenticatorApp(secret, now)
  const { tokens } = await must(baseUrl, '/auth/mfa/setup/verify', { flow, code: app.nextCode() })
  return { ...person, tokens, app }
}

/** Another sign-in of the same person. */
export async function signIn(baseUrl: string, person: SignedUpPerson): Promise<Required<Tokens>> {
  await must(baseUrl, '/auth/login', { username: person.email, password: person.password })
  const { tokens } = await must(baseUrl, '/auth/mfa', { username: person.email, code: person.app.nextCode() })
  return tokens
}

import type { Page } from 'playwright-core'
import { mailedCode, type Particulars } from './person.ts'
import { Authenticator } from './totp.ts'

/** Called at each page on the way with a name for it: a picture, axe. */
export type Look = (name: string) => Promise<void>
const pass: Look = async () => undefined

const submit = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()

/** The four questions of a new account, up to the page that asks for the mailed code. */
export async function createAccount(page: Page, person: Particulars, look = pass): Promise<void> {
  await page.goto('/criar-conta')
  const questions = [
    ['Nome completo', person.name],
    ['E-mail', person.email],
    ['CPF', person.cpf],
    ['Senha', person.password],
  ] as const
  for (const [index, [label, value]] of questions.entries()) {
    await page.getByLabel(label, { exact: true }).fill(value)
    await look(`criar-conta-${index + 1}`)
    await submit(page, index < questions.length - 1 ? 'Continuar' : 'Criar conta')
  }
  await page.getByRole('heading', { name: 'Confirme o seu e-mail' }).waitFor()
  await look('confirmar')
}

/** The code from the development mailbox, read in the mailbox page of a second tab, as a person would. */
export async function confirmEmail(page: Page, person: Particulars, look = pass): Promise<void> {
  const mailbox = await page.context().newPage()
  await mailbox.goto('/caixa-de-teste')
  await mailbox.getByText(person.email).first().waitFor()
  await mailbox.close()
  const code = await mailedCode(new URL(page.url()).origin, person.email)
  await page.getByLabel('Código de verificação').fill(code)
  await submit(page, 'Confirmar')
  await page.getByRole('heading', { name: 'Proteja a sua conta' }).waitFor()
  await page.getByRole('img', { name: 'QR code para o aplicativo autenticador' }).waitFor()
  await look('ativar-segundo-fator')
}

/** Takes the shown key into an authenticator app and proves it. Ends in the library. */
export async function enrol(page: Page): Promise<Authenticator> {
  const authenticator = new Authenticator(await page.getByLabel('Chave do aplicativo autenticador').innerText())
  await page.getByLabel('Código de verificação').fill(await authenticator.next())
  await submit(page, 'Ativar e entrar')
  await library(page)
  return authenticator
}

/** Password and code. Ends in the library. */
export async function signIn(
  page: Page,
  person: Particulars,
  authenticator: Authenticator,
  look = pass,
): Promise<void> {
  await page.goto('/entrar')
  await page.getByLabel('E-mail', { exact: true }).fill(person.email)
  await look('entrar')
  await submit(page, 'Continuar')
  await page.getByLabel('Senha', { exact: true }).fill(person.password)
  await look('entrar-senha')
  await submit(page, 'Entrar')
  await page.getByLabel('Código de verificação').fill(await authenticator.next())
  await look('segundo-fator')
  await submit(page, 'Verificar')
  await library(page)
}

export async function signOut(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Menu da pessoa' }).click()
  await page.getByRole('menuitem', { name: 'Sair' }).click()
  await page.waitForURL(/\/entrar/)
}

export function library(page: Page): Promise<void> {
  return page.getByRole('heading', { name: 'Biblioteca', level: 1 }).waitFor()
}

/** Picks files, as the system's file dialog would give them. */
export async function pickFiles(page: Page, paths: string | string[], button = 'Enviar vídeo'): Promise<void> {
  const chooser = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: button }).first().click()
  await (await chooser).setFiles(paths)
}

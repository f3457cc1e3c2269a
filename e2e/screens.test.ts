import { writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { problemText } from '../web/src/i18n/problems.ts'
import { type Balcao, startBalcao } from './support/balcao.ts'
import { desktop, Looks, openBrowser, openPage, phone, smallPhone } from './support/browser.ts'
import { Clips } from './support/media.ts'
import { onFailure } from './support/on-failure.ts'
import { somebody } from './support/person.ts'
import { Visitor } from './support/visitor.ts'

const eyes = [
  { viewport: smallPhone, colorScheme: 'light', language: 'pt-BR', name: 'celular-claro' },
  { viewport: phone, colorScheme: 'dark', language: 'pt-BR', name: 'celular-escuro' },
  { viewport: desktop, colorScheme: 'light', language: 'pt-BR', name: 'mesa-claro' },
  { viewport: desktop, colorScheme: 'dark', language: 'pt-BR', name: 'mesa-escuro' },
  { viewport: smallPhone, colorScheme: 'dark', language: 'en', name: 'celular-ingles' },
  { viewport: desktop, colorScheme: 'light', language: 'en', name: 'mesa-ingles' },
] as const

/** Every page and state. Each is kept as a picture, checked by axe, and never wider than its window. */
describe('every page and state', () => {
  let balcao: Balcao
  let browser: Browser
  let clips: Clips
  let notMedia: string
  let shown: { balcao?: Balcao; page?: Page } = {}
  onFailure(() => shown)

  beforeAll(async () => {
    clips = await Clips.open()
    notMedia = join(clips.dir, 'lista de compras.mp4')
    await writeFile(notMedia, 'arroz, feijão, café\n'.repeat(1000))
    balcao = await startBalcao()
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await balcao?.remove()
    await clips?.remove()
  })

  it.each(eyes)('$name', { timeout: 240_000 }, async ({ name, language, ...given }) => {
    const visit = await openPage(browser, balcao.url, { ...given, language })
    const { page } = visit
    const looks = new Looks(page, name)
    shown = { balcao, page }
    const ana = new Visitor(page, somebody(), { language, look: looks.at })
    await outside(ana)
    await empty(ana)
    await filling(ana)
    await watching(ana)
    await rest(ana)
    await visit.close()
    expect(looks.findings).toEqual([])
  })

  /** Sign-up and sign-in, and what is said when an answer is wrong. */
  async function outside(ana: Visitor): Promise<void> {
    const { page, look } = ana
    await page.goto('/criar-conta')
    await ana.press('do.continue')
    await page.getByText(ana.t('need.name')).waitFor()
    await look('criar-conta-sem-nome')
    await ana.createAccount()
    await ana.field('field.code').fill('000000')
    await ana.press('confirm.submit')
    await page.getByText(problemText(ana.language, 'auth/wrong_code', '')).waitFor()
    await look('confirmar-codigo-errado')
    await ana.confirmEmail()
    await ana.enrol()
    await ana.signOut()
    await page.goto('/entrar')
    await ana.field('field.email').fill(ana.particulars.email)
    await ana.press('do.continue')
    await ana.field('field.password').fill('não é esta, não')
    await ana.press('signIn.submit')
    await page.getByText(problemText(ana.language, 'auth/wrong_credentials', '')).waitFor()
    const said = await ana.field('field.password').evaluate((field) => ({
      invalid: field.getAttribute('aria-invalid'),
      because: document.getElementById(field.getAttribute('aria-describedby') ?? '')?.textContent,
      focus: document.activeElement === field,
    }))
    const because = problemText(ana.language, 'auth/wrong_credentials')
    expect(said).toEqual({ invalid: 'true', because, focus: true })
    await look('entrar-senha-errada')
    await ana.signIn()
  }

  async function empty(ana: Visitor): Promise<void> {
    const { page, look } = ana
    await page.getByText(ana.t('library.empty')).waitFor()
    await look('biblioteca-vazia')
    await page.goto('/biblioteca?lixeira=true')
    await page.getByText(ana.t('library.emptyTrash')).waitFor()
    await look('lixeira-vazia')
    await page.goto('/biblioteca')
    await ana.heading('library.title')
  }

  /** The upload panel, and cards in each state. */
  async function filling(ana: Visitor): Promise<void> {
    const { page, look } = ana
    const panel = page.getByRole('region', { name: ana.t('upload.panel') })
    const row = (file: string) => panel.getByRole('listitem', { name: basename(file) })
    await ana.uploadAt(300_000)
    await ana.pickFiles([clips.toEncode, clips.phone])
    await row(clips.toEncode)
      .getByText(/[kM]B\/s/)
      .waitFor()
    await look('enviando')
    await page.getByRole('button', { name: ana.t('upload.pause', { name: basename(clips.toEncode) }) }).click()
    await row(clips.toEncode).getByText(ana.t('upload.pausing')).waitFor()
    await look('enviando-pausando')
    await page.getByRole('button', { name: ana.t('upload.stop', { name: basename(clips.toEncode) }) }).click()
    await row(clips.toEncode).getByText(ana.t('upload.paused')).waitFor()
    await look('enviando-pausado')
    await page.reload()
    await row(clips.toEncode).getByText(ana.t('upload.needsFile')).waitFor()
    await look('envio-espera-arquivo')
    await ana.uploadAt(-1)
    // Those that wait go on, found by what they are; the third is new.
    await ana.pickFiles([clips.toEncode, clips.phone, notMedia])
    await row(clips.toEncode).getByText(ana.t('upload.done')).waitFor({ timeout: 60_000 })
    await ana.card(basename(clips.toEncode)).getByText(ana.t('video.processing')).waitFor()
    await look('processando')
    await ana.card(basename(notMedia)).getByText(ana.t('video.failed')).waitFor({ timeout: 60_000 })
    await ana.card(basename(clips.toEncode)).getByRole('progressbar').waitFor({ state: 'detached', timeout: 90_000 })
    await ana.card(basename(clips.phone)).getByRole('progressbar').waitFor({ state: 'detached', timeout: 90_000 })
    await ana.press('upload.clear')
    await look('biblioteca')
    await ana.pickFiles(clips.phone)
    await row(clips.phone).getByText(ana.t('upload.duplicate')).waitFor()
    await look('envio-repetido')
    await page.getByRole('button', { name: ana.t('upload.discard') }).click()
  }

  async function watching(ana: Visitor): Promise<void> {
    const { page, look } = ana
    await ana.card(basename(clips.phone)).getByRole('link').click()
    await page.locator('video').waitFor()
    await expect
      .poll(() => page.locator('video').evaluate((video: HTMLVideoElement) => video.readyState))
      .toBeGreaterThan(1)
    const length = await page
      .getByRole('region', { name: ana.t('video.details') })
      .locator('dd')
      .first()
      .innerText()
    await expect
      .poll(() => page.locator('media-time-display').evaluate(({ shadowRoot }) => shadowRoot?.textContent))
      .toMatch(new RegExp(`/\\s${length}`))
    await look('assistir')
    await page.locator('video').hover({ force: true })
    await page.getByRole('button', { name: ana.t('watch.settings') }).click()
    await page.getByRole('menuitem', { name: ana.t('watch.normal') }).waitFor()
    await look('assistir-ajustes')
    await page.keyboard.press('Escape')
    const images = page.getByRole('region', { name: ana.t('frames.title') })
    await images.getByText(ana.t('frames.byCount')).click()
    await images.getByLabel(ana.t('frames.count')).fill('5000')
    await images
      .getByText(ana.t('frames.outOfRange', { least: '1', most: ana.language === 'en' ? '1,000' : '1.000' }))
      .waitFor()
    await look('imagens-demais')
    await images.getByLabel(ana.t('frames.count')).fill('3')
    await images.getByRole('button', { name: ana.t('frames.make') }).click()
    await images.getByRole('button', { name: ana.t('frames.download') }).waitFor()
    await look('imagens-prontas')
    await page.goBack()
    await ana.card(basename(notMedia)).getByRole('link').click()
    await page.getByText(ana.t('watch.failedLead')).waitFor()
    // This file is no film however often it is tried.
    await page.getByRole('button', { name: ana.t('video.uploadOther') }).waitFor()
    expect(await page.getByRole('button', { name: ana.t('video.retry') }).count()).toBe(0)
    await look('assistir-nao-deu-certo')
    await page.goto('/assistir/nao-existe')
    await page.getByText(ana.t('notFound.title')).waitFor()
    await look('nao-existe')
  }

  /** Menus, dialogs, the trash, search, account, mailbox, and a server that does not answer. */
  async function rest(ana: Visitor): Promise<void> {
    const { page, look } = ana
    const title = basename(notMedia)
    await page.goto('/biblioteca')
    await ana.card(title).waitFor()
    await page.getByRole('button', { name: ana.t('video.actions', { title }) }).click()
    await page.getByRole('menuitem', { name: ana.t('video.delete') }).waitFor()
    await page.getByRole('menuitem', { name: ana.t('video.uploadOther') }).waitFor()
    await look('acoes')
    const kept = (await ana.card(title).getByRole('link').getAttribute('href'))!
    await page.getByRole('menuitem', { name: ana.t('video.delete') }).click()
    await page.getByText(ana.t('video.deleted', { title })).waitFor()
    await look('excluido')
    await page.goto(kept)
    await page.getByRole('button', { name: ana.t('video.restore') }).waitFor()
    await look('assistir-na-lixeira')
    await page.goto('/biblioteca?lixeira=true')
    await ana.card(title).waitFor()
    await look('lixeira')
    await page.goto('/biblioteca')
    await ana.card(basename(clips.phone)).waitFor()
    await ana.field('library.search').fill('xyz')
    await page.getByText(ana.t('library.nothingFound', { search: 'xyz' })).waitFor()
    await look('busca-sem-resultado')
    await ana.openPersonMenu()
    await page.getByRole('menuitem', { name: ana.t('nav.signOut') }).waitFor()
    await look('menu')
    await page.getByRole('menuitem', { name: ana.t('nav.shortcuts') }).click()
    await page.getByRole('dialog').waitFor()
    await look('atalhos')
    await page.goto('/conta')
    await page.getByText(ana.particulars.email).first().waitFor()
    await page.getByRole('switch').waitFor()
    await look('conta')
    await page.goto('/caixa-de-teste')
    await page.getByText(ana.particulars.email).first().waitFor()
    await look('caixa-de-teste')
    await page.goto('/uma-pagina-que-nao-ha')
    await page.getByText(ana.t('notFound.title')).waitFor()
    await page.getByRole('button', { name: ana.t('nav.person') }).waitFor()
    await look('pagina-nao-existe')
    await page.route('**/videos?*', (route) => route.abort())
    await page.goto('/biblioteca')
    await page.getByText(ana.t('error.offlineTitle')).waitFor({ timeout: 60_000 })
    await look('sem-resposta')
  }
})

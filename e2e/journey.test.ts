import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Balcao, startBalcao } from './support/balcao.ts'
import { Looks, openBrowser, openPage, type Visit } from './support/browser.ts'
import { Clips } from './support/media.ts'
import { onFailure } from './support/on-failure.ts'
import { somebody } from './support/person.ts'
import { Visitor } from './support/visitor.ts'

/** What is said of the whole way, however far it went. */
const judges: string[] = [
  'met no page that shuts somebody out or is wider than its window',
  'made the browser complain of nothing',
]

/** One person's way through the whole product, in the browser that npm brings. Each step stands on the one before. */
describe('a person with one real video', () => {
  let balcao: Balcao
  let browser: Browser
  let clips: Clips
  let visit: Visit
  let page: Page
  let looks: Looks
  let ana: Visitor
  let file: string
  let another: string

  beforeAll(async () => {
    clips = await Clips.open()
    file = clips.toEncode
    another = clips.small
    balcao = await startBalcao()
    browser = await openBrowser()
    visit = await openPage(browser, balcao.url)
    page = visit.page
    looks = new Looks(page, 'jornada')
    ana = new Visitor(page, somebody(), { look: looks.at })
  })
  afterAll(async () => {
    await browser?.close()
    await balcao?.remove()
    await clips?.remove()
  })

  onFailure(() => ({ balcao, page }), { chained: (test) => !judges.includes(test) })

  const card = () => ana.card(basename(file))
  const notice = () => page.getByText('foi para a lixeira')
  /** By itself it would go after ten seconds. */
  const noticesGone = () => expect.poll(() => notice().count(), { timeout: 3000 }).toBe(0)
  const film = <T>(read: (video: HTMLVideoElement) => T) => page.locator('video').evaluate(read)
  const position = () => film((video) => video.currentTime)

  it('creates an account and confirms the e-mail with the code of the test mailbox', async () => {
    await ana.createAccount()
    await ana.confirmEmail()
  })

  it('D1-15, FX-4: enrols an authenticator app and is in', async () => {
    await ana.enrol()
    await page.getByText('Traga o seu primeiro vídeo').waitFor()
    await looks.at('biblioteca-vazia')
  })

  it('signs out and in again with password and code', async () => {
    await ana.signOut()
    await ana.signIn()
  })

  it('D1-16: uploads a file by picking it, and sees how far it is', async () => {
    await ana.uploadAt(1_500_000)
    await ana.pickFiles(file)
    const row = page.getByRole('region', { name: 'Envios' }).getByRole('listitem', { name: basename(file) })
    await row.getByText(/\d\s?% · .+ de .+ · .+[kM]B\/s · faltam .+/).waitFor()
    await looks.at('enviando')
    await row.getByRole('button', { name: `Pausar ${basename(file)}` }).click()
    await row.getByText('Pausado').waitFor()
    await ana.uploadAt(-1)
    await row.getByRole('button', { name: `Continuar ${basename(file)}` }).click()
    await row.getByText('Enviado').waitFor()
  })

  it('sees it processed live, without a reload', async () => {
    await page.evaluate(() => Object.assign(window, { sameDocument: true }))
    await card().getByText('Processando').waitFor()
    await looks.at('processando')
    await card().getByText('Processando').waitFor({ state: 'hidden', timeout: 90_000 })
    await card().locator('img').waitFor()
    expect(await page.evaluate(() => 'sameDocument' in window)).toBe(true)
    await looks.at('biblioteca')
  })

  it('D1-18: plays it, chooses a quality and uses the keys', async () => {
    await card().getByRole('link').click()
    await page.waitForURL(/\/assistir\//)
    await page.locator('video').waitFor()
    await page.keyboard.press('k')
    await expect.poll(position).toBeGreaterThan(1)
    await looks.at('assistir')

    await page.locator('video').hover({ force: true }) // its controls lie over it
    await page.getByRole('button', { name: 'Ajustes' }).click()
    await page.getByRole('menuitem', { name: '480p' }).waitFor()
    await looks.at('qualidade')
    await page.getByRole('menuitem', { name: '480p' }).click()
    // From its beginning: a slow machine has come to the end of the film by now.
    await page.keyboard.press('0')
    if (await film((video) => video.paused)) await page.keyboard.press('k')
    await expect.poll(() => film((video) => video.videoHeight)).toBe(480)

    await page.keyboard.press('k')
    await expect.poll(() => film((video) => video.paused)).toBe(true)
    await page.keyboard.press('0')
    await expect.poll(position).toBeLessThan(1)
    await page.keyboard.press('l')
    await expect.poll(position).toBeGreaterThan(9)
    await page.keyboard.press('j')
    await expect.poll(position).toBeLessThan(1)
    await page.keyboard.press('m')
    await expect.poll(() => film((video) => video.muted)).toBe(true)
  })

  it('D3-09: downloads an MP4', async () => {
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Baixar MP4' }).click()
    const bytes = await readFile(await (await download).path())
    expect(bytes.subarray(4, 8).toString()).toBe('ftyp')
    expect((await download).suggestedFilename()).toBe('praia em família.mp4')
  })

  it('gets back what was sent, byte by byte, and may give it up', async () => {
    const original = page.getByRole('region', { name: 'Original' })
    const download = page.waitForEvent('download')
    await original.getByRole('button', { name: 'Baixar original' }).click()
    const saved = await download
    expect(saved.suggestedFilename()).toBe('praia em família.mkv')
    expect((await readFile(await saved.path())).equals(await readFile(file))).toBe(true)
    await original.scrollIntoViewIfNeeded()
    await looks.at('original')
    await original.getByRole('button', { name: 'Liberar espaço' }).click()
    const question = page.getByRole('dialog', { name: 'Apagar o original de “praia em família.mkv”?' })
    await question.getByRole('button', { name: 'Manter' }).waitFor()
    await looks.at('original-apagar')
    await question.getByRole('button', { name: 'Apagar original' }).click()
    await original.waitFor({ state: 'detached' })
  })

  it('FX-1, FX-6: asks for images, sees them made, gets the ZIP and a message, and makes them again', async () => {
    const panel = page.getByRole('region', { name: 'Imagens do vídeo' })
    await panel.getByText('Nada por aqui ainda').waitFor()
    await panel.getByLabel('Segundos entre as imagens').fill('0,05')
    await panel.getByText('Digite um número de 0,1 a 60.').waitFor()
    await looks.at('imagens-erro')
    await panel.getByLabel('Segundos entre as imagens').fill('2,5')
    await panel.getByText(/^Dá \d+ imagens\.$/).waitFor()
    await panel.getByRole('button', { name: 'Gerar imagens' }).click()
    const row = panel.getByRole('listitem')
    await row.getByText('Uma imagem a cada 2,5 s').waitFor()
    await row.getByText(/^Pronto · \d+ imagens · .+ · Guardado até/).waitFor({ timeout: 60_000 })
    await looks.at('imagens')
    const download = page.waitForEvent('download')
    await row.getByRole('button', { name: 'Baixar ZIP' }).click()
    const bytes = await readFile(await (await download).path())
    expect(bytes.subarray(0, 2).toString()).toBe('PK')
    expect((await download).suggestedFilename()).toBe('praia em família.zip')

    await expect
      .poll(async () => {
        const answer = await fetch(`${balcao.url}/dev/mailbox?to=${encodeURIComponent(ana.particulars.email)}`)
        return ((await answer.json()) as { items: { subject: string }[] }).items.map(({ subject }) => subject)
      })
      .toContainEqual(expect.stringContaining('As imagens do seu vídeo estão prontas'))

    await panel.getByText('Por quantidade').click()
    await panel.getByLabel('Quantas imagens').fill('3')
    await panel.getByRole('button', { name: 'Gerar imagens' }).click()
    await panel.getByRole('listitem').filter({ hasText: 'Pronto · 3 imagens' }).waitFor({ timeout: 60_000 })
    await row.first().getByRole('button', { name: 'Remover' }).click()
    await expect.poll(() => row.count()).toBe(1)
    await page.getByRole('button', { name: 'Desfazer' }).click()
    await expect.poll(() => row.count()).toBe(2)
  })

  it('deletes it and takes that back', async () => {
    await page.getByRole('button', { name: 'Excluir' }).click()
    await ana.heading('library.title')
    await notice().waitFor()
    await expect.poll(() => card().count()).toBe(0)
    await looks.at('excluido')
    await page.getByRole('button', { name: 'Desfazer' }).click()
    await card().waitFor()
    await noticesGone()
  })

  it('deletes it by key and takes that back by key, and does not lose its place', async () => {
    const hasFocus = () => page.evaluate(() => document.activeElement?.closest('article')?.getAttribute('aria-label'))
    await ana.pickFiles(another)
    await ana.card(basename(another)).waitFor()
    await card().getByRole('link').focus()
    await page.keyboard.press('Delete')
    await expect.poll(() => card().count()).toBe(0)
    expect(await hasFocus()).toBe(basename(another))
    await notice().waitFor()
    await page.keyboard.press('z')
    await card().waitFor()
    await expect.poll(hasFocus).toBe(basename(file))
    await noticesGone()
  })

  it('leaves nothing on the screen when signing out', async () => {
    await ana.card(basename(another)).getByRole('link').focus()
    await page.keyboard.press('Delete')
    await notice().waitFor()
    await ana.signOut()
    await noticesGone()
  })

  it('finds everything after signing in again', async () => {
    await ana.signIn()
    await card().waitFor()
    await page.goto('/conta')
    await page.getByText(ana.particulars.email).first().waitFor()
    await page.getByRole('switch', { name: 'Guardar originais' }).waitFor()
    await looks.at('conta')
  })

  it('says by the keyboard that originals need not be kept, and takes it back', async () => {
    const kept = page.getByRole('switch', { name: 'Guardar originais' })
    const told = page.getByText('dos próximos vídeos não serão guardados')
    expect(await kept.isChecked()).toBe(true)
    await kept.press('Space')
    await told.waitFor()
    await page.reload()
    await expect.poll(() => kept.isChecked()).toBe(false)
    await kept.press('Space')
    await page.getByText('dos próximos vídeos serão guardados').waitFor()
    await kept.press('Space')
    await told.waitFor()
    await page.keyboard.press('z')
    await expect.poll(() => kept.isChecked()).toBe(true)
  })

  it(judges[0]!, () => {
    expect(looks.findings).toEqual([])
  })

  it(judges[1]!, () => {
    expect(visit.complaints).toEqual([])
  })
})

import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Balcao, startBalcao } from './support/balcao.ts'
import { expectAccessible, openBrowser, openPage, picture, type Visit } from './support/browser.ts'
import { Clips } from './support/media.ts'
import { somebody } from './support/person.ts'
import { confirmEmail, createAccount, enrol, library, pickFiles, signIn, signOut } from './support/steps.ts'
import type { Authenticator } from './support/totp.ts'

/** One person's way through the whole product, in the browser that npm brings. Each step stands on the one before. */
describe('a person with one real video', () => {
  const person = somebody()
  let balcao: Balcao
  let browser: Browser
  let clips: Clips
  let visit: Visit
  let page: Page
  let authenticator: Authenticator
  let file: string

  beforeAll(async () => {
    clips = await Clips.open()
    file = clips.toEncode
    balcao = await startBalcao()
    browser = await openBrowser()
    visit = await openPage(browser, balcao.url)
    page = visit.page
  })
  afterAll(async () => {
    await browser?.close()
    await balcao?.remove()
    await clips?.remove()
  })

  const look = async (name: string) => {
    await picture(page, `jornada-${name}`)
    await expectAccessible(page)
  }
  const card = () => page.getByRole('listitem').filter({ hasText: basename(file) })
  const playing = () => page.evaluate(() => document.querySelector('video')!.currentTime)

  it('creates an account and confirms the e-mail with the code of the test mailbox', async () => {
    await createAccount(page, person, look)
    await confirmEmail(page, person, look)
  })

  it('enrols an authenticator app and is in', async () => {
    authenticator = await enrol(page)
    await page.getByText('Traga o seu primeiro vídeo').waitFor()
    await look('biblioteca-vazia')
  })

  it('signs out and in again with password and code', async () => {
    await signOut(page)
    await signIn(page, person, authenticator, look)
  })

  it('uploads a file by picking it, and sees how far it is', async () => {
    // Slowed down to what a phone sends, so that there is something to see.
    const throttle = await page.context().newCDPSession(page)
    await throttle.send('Network.enable')
    const offline = { offline: false, latency: 20, downloadThroughput: -1 }
    await throttle.send('Network.emulateNetworkConditions', { ...offline, uploadThroughput: 3_000_000 })
    await pickFiles(page, file)
    const panel = page.getByRole('region', { name: 'Envios' })
    await panel.getByText(/\d ?%/).first().waitFor()
    await panel
      .getByText(/MB\/s|kB\/s/)
      .first()
      .waitFor()
    await look('enviando')
    await throttle.send('Network.emulateNetworkConditions', { ...offline, uploadThroughput: -1 })
    await panel.getByText('Enviado').first().waitFor()
  })

  it('sees it processed live, without a reload', async () => {
    await page.evaluate(() => Object.assign(window, { sameDocument: true }))
    await card().getByText('Processando').waitFor()
    await look('processando')
    await card().getByText('Processando').waitFor({ state: 'hidden', timeout: 90_000 })
    await card().getByRole('img').waitFor()
    expect(await page.evaluate(() => 'sameDocument' in window)).toBe(true)
    await look('biblioteca')
  })

  it('plays it, chooses a quality and uses the keys', async () => {
    await card().getByRole('link').first().click()
    await page.waitForURL(/\/assistir\//)
    await page.locator('video').waitFor()
    await page.evaluate(() => document.querySelector('video')!.play())
    await expect.poll(playing, { timeout: 20_000 }).toBeGreaterThan(1)
    await look('assistir')

    await page.getByRole('button', { name: 'Ajustes' }).click()
    await page.getByText('Qualidade').first().waitFor()
    await page.getByText('480p').first().waitFor()
    await picture(page, 'jornada-qualidade')
    await page.getByText('480p').first().click()
    await page.keyboard.press('Escape')
    await expect
      .poll(() => page.evaluate(() => document.querySelector('video')!.videoHeight), { timeout: 20_000 })
      .toBe(480)

    await page.getByRole('region', { name: 'Reprodutor de vídeo' }).focus()
    await page.keyboard.press('k')
    await expect.poll(() => page.evaluate(() => document.querySelector('video')!.paused)).toBe(true)
    await page.keyboard.press('0')
    await expect.poll(playing).toBeLessThan(1)
    await page.keyboard.press('l')
    await expect.poll(playing).toBeGreaterThan(8)
    await page.keyboard.press('m')
    await expect.poll(() => page.evaluate(() => document.querySelector('video')!.muted)).toBe(true)
  })

  it('downloads an MP4', async () => {
    const download = page.waitForEvent('download')
    await page.getByText('Baixar MP4').first().click()
    const bytes = await readFile(await (await download).path())
    expect(bytes.subarray(4, 8).toString()).toBe('ftyp')
    expect((await download).suggestedFilename()).toMatch(/\.mp4$/)
  })

  it('deletes it and takes that back', async () => {
    await page.getByRole('button', { name: 'Excluir' }).first().click()
    await library(page)
    await page.getByText('foi para a lixeira').waitFor()
    await look('excluido')
    await expect.poll(() => card().count()).toBe(0)
    await page.getByRole('button', { name: 'Desfazer' }).click()
    await card().waitFor()
  })

  it('finds everything after signing out and in again', async () => {
    await signOut(page)
    await signIn(page, person, authenticator)
    await card().waitFor()
    await page.goto('/conta')
    await page.getByText(person.email).first().waitFor()
    await look('conta')
  })

  it('made the browser complain of nothing', () => {
    expect(visit.complaints).toEqual([])
  })
})

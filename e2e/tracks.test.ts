import { basename } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Balcao, startBalcao } from './support/balcao.ts'
import { desktop, Looks, openBrowser, openPage, phone, smallPhone, type Visit } from './support/browser.ts'
import { Clips } from './support/media.ts'
import { onFailure } from './support/on-failure.ts'
import { somebody } from './support/person.ts'
import { Visitor } from './support/visitor.ts'

/** Somebody watches a film that has several sounds, subtitles and chapters. Each step stands on the one before. */
describe('a film in two languages', () => {
  let balcao: Balcao
  let browser: Browser
  let clips: Clips
  let visit: Visit
  let page: Page
  let looks: Looks
  let ana: Visitor

  beforeAll(async () => {
    clips = await Clips.open()
    balcao = await startBalcao()
    browser = await openBrowser()
    visit = await openPage(browser, balcao.url)
    page = visit.page
    looks = new Looks(page, 'faixas')
    ana = new Visitor(page, somebody())
    await ana.signUp()
    await ana.pickFiles(clips.languages)
  })
  afterAll(async () => {
    await browser?.close()
    await balcao?.remove()
    await clips?.remove()
  })
  onFailure(() => ({ balcao, page }), { chained: (test) => !test.startsWith('made the browser') })

  const film = <T>(read: (video: HTMLVideoElement) => T) => page.locator('video').evaluate(read)
  const settings = async () => {
    await page.locator('video').hover({ force: true })
    await page.getByRole('button', { name: ana.t('watch.settings') }).click()
  }
  const choice = (of: 'watch.sound' | 'watch.subtitles', name: string) =>
    page.getByRole('group', { name: ana.t(of) }).getByRole('menuitem', { name, exact: true })
  const heard = (name: string) => choice('watch.sound', name)
  const read = (name: string) => choice('watch.subtitles', name)
  /** What is read on the picture now. */
  const shown = () =>
    film((video) =>
      [...video.textTracks]
        .filter(({ mode, kind }) => mode === 'showing' && kind !== 'chapters')
        .flatMap(({ activeCues }) => [...(activeCues ?? [])].map((cue) => (cue as VTTCue).text)),
    )
  const seek = (seconds: number) =>
    page.locator('video').evaluate((video: HTMLVideoElement, to) => {
      video.pause()
      video.currentTime = to
    }, seconds)

  it('has subtitles that its author wants shown', async () => {
    await ana.card(basename(clips.languages)).getByRole('link').click()
    await expect.poll(() => film((video) => video.readyState), { timeout: 60_000 }).toBeGreaterThan(1)
    await seek(1)
    await expect.poll(shown).toEqual(['Bom dia.'])
    await seek(3.9)
    await expect.poll(shown).toEqual([])
    await seek(4.1)
    await expect.poll(shown).toEqual(['Até <i>logo</i>.'])
    await looks.at('legenda')
  })

  it('is heard in the other language once that is chosen', async () => {
    await settings()
    await expect.poll(() => heard('Português').getAttribute('aria-current')).toBe('true')
    await looks.at('ajustes')
    const asked = page.waitForResponse(/\/audio1\.m3u8/)
    await heard('Inglês').click()
    expect((await asked).status()).toBe(200)
    await settings()
    await expect.poll(() => heard('Inglês').getAttribute('aria-current')).toBe('true')
    await heard('Inglês · comentários · The director').waitFor()
    await page.keyboard.press('Escape')
    await film((video) => void video.play())
    const before = await film((video) => video.currentTime)
    await expect.poll(() => film((video) => video.currentTime)).toBeGreaterThan(before + 0.5)
  })

  it('shows its subtitles, or hides them, at a key', async () => {
    await seek(1)
    await page.keyboard.press('c')
    await expect.poll(shown).toEqual([])
    await page.keyboard.press('c')
    await expect.poll(shown).toEqual(['Bom dia.'])
    await settings()
    await read('Inglês · para surdos e ensurdecidos').click()
    await expect.poll(shown).toEqual(['Good morning.'])
  })

  it('has chapters, on the seek bar and to go to', async () => {
    const chapters = page.getByRole('region', { name: ana.t('watch.chapters') })
    await chapters.getByRole('button', { name: /Fim/ }).focus()
    await page.keyboard.press('Enter')
    await expect.poll(() => film((video) => video.currentTime)).toBeGreaterThanOrEqual(4)
    await expect.poll(() => chapters.getByRole('button', { name: /Fim/ }).getAttribute('aria-current')).toBe('true')
    await page.locator('media-time-range').hover()
    await looks.at('capitulos')
    const segments = await page
      .locator('media-time-range')
      .evaluate(({ shadowRoot }) => shadowRoot?.querySelectorAll('#segments-clipping rect').length)
    expect(segments).toBe(2)
    await page.setViewportSize(phone)
    await looks.at('capitulos-celular')
  })

  it('shows what is there where one looks for a moment', async () => {
    const preview = page.locator('media-preview-thumbnail')
    /** How many pixels to the left the sheet of small pictures is moved, where it is to be seen. */
    const moved = () =>
      preview.evaluate(({ shadowRoot, clientWidth }) => {
        const sheet = shadowRoot?.querySelector('img')
        if (!sheet?.complete || sheet.naturalWidth === 0 || clientWidth < 60) return undefined
        return Math.abs(new DOMMatrix(getComputedStyle(sheet).transform).m41)
      })
    const bar = page.locator('media-time-range')
    for (const [viewport, name] of [
      [desktop, 'previa'],
      [smallPhone, 'previa-celular'],
    ] as const) {
      await page.setViewportSize(viewport)
      // Its size is that of the player that was opened.
      await page.reload()
      await expect.poll(() => film((video) => video.readyState)).toBeGreaterThan(1)
      await bar.scrollIntoViewIfNeeded()
      const { x, y, width, height } = (await bar.boundingBox())!
      const movedAt = async (share: number) => {
        await page.mouse.move(x + width * share, y + height / 2)
        return moved()
      }
      await expect.poll(() => movedAt(0.1)).toBe(0)
      await expect.poll(() => movedAt(0.6)).toBeGreaterThan(100)
      await looks.at(name)
    }
    await page.setViewportSize(desktop)
    await page.mouse.move(0, 0)
  })

  it('made the browser complain of nothing, and shuts nobody out', () => {
    expect(visit.complaints).toEqual([])
    expect(looks.findings).toEqual([])
  })
})

import { basename } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Balcao, startBalcao } from './support/balcao.ts'
import { desktop, Looks, openBrowser, openPage, smallPhone, type Visit } from './support/browser.ts'
import { Clips } from './support/media.ts'
import { onFailure } from './support/on-failure.ts'
import { somebody } from './support/person.ts'
import { Visitor } from './support/visitor.ts'

/** Somebody chooses what a film looks like in the library. Each step stands on the one before. */
describe('the poster of a film', () => {
  let balcao: Balcao
  let browser: Browser
  let clips: Clips
  let visit: Visit
  let page: Page
  let looks: Looks
  let ana: Visitor
  let automatic: string

  beforeAll(async () => {
    clips = await Clips.open()
    balcao = await startBalcao()
    browser = await openBrowser()
    visit = await openPage(browser, balcao.url)
    page = visit.page
    looks = new Looks(page, 'capa')
    ana = new Visitor(page, somebody())
    await ana.signUp()
    await ana.pickFiles(clips.frames)
  })
  afterAll(async () => {
    await browser?.close()
    await balcao?.remove()
    await clips?.remove()
  })
  onFailure(() => ({ balcao, page }), { chained: (test) => !test.startsWith('made the browser') })

  const panel = () => page.getByRole('region', { name: ana.t('poster.title') })
  const status = () => panel().getByRole('status').innerText()
  const poster = () => panel().getByRole('img')
  const address = () => poster().getAttribute('src')
  const choose = () =>
    panel()
      .getByRole('button', { name: ana.t('poster.choose') })
      .click()
  const seek = (seconds: number) =>
    page.locator('video').evaluate(async (video: HTMLVideoElement, to) => {
      video.pause()
      const there = new Promise((resolve) => video.addEventListener('seeked', resolve, { once: true }))
      video.currentTime = to
      await there
    }, seconds)
  /** How bright the middle of what an element shows is, 0 … 255. */
  const brightness = (of: ReturnType<Page['locator']>) =>
    of.evaluate((element: HTMLVideoElement | HTMLImageElement) => {
      const canvas = document.createElement('canvas')
      const [width, height] =
        element instanceof HTMLVideoElement
          ? [element.videoWidth, element.videoHeight]
          : [element.naturalWidth, element.naturalHeight]
      canvas.width = canvas.height = 1
      const pen = canvas.getContext('2d')!
      pen.drawImage(element, width / 2, height / 2, 1, 1, 0, 0, 1, 1)
      return pen.getImageData(0, 0, 1, 1).data[0]!
    })
  const chosen = async (moment: string) => {
    await expect.poll(status).toBe(ana.t('poster.chosen', { moment }))
    await expect.poll(() => poster().evaluate((img: HTMLImageElement) => img.complete && img.naturalWidth)).toBe(640)
  }

  it('is the automatic one at first', async () => {
    const card = ana.card(basename(clips.frames))
    // What is seen here is a film that is whole, and not how one grows.
    const isWhole = async () => (await card.locator('img').count()) > 0 && !(await card.locator('[data-state]').count())
    await expect.poll(isWhole, { timeout: 60_000 }).toBe(true)
    await card.getByRole('link').click()
    await expect.poll(status).toBe(ana.t('poster.automatic'))
    await expect
      .poll(() => page.locator('video').evaluate((video: HTMLVideoElement) => video.readyState))
      .toBeGreaterThan(1)
    automatic = (await address())!
  })

  it('is said to be made as soon as a moment is chosen', async () => {
    let answer = () => {}
    const held = new Promise<void>((resolve) => {
      answer = resolve
    })
    await page.route('**/poster', async (route) => {
      await held
      await route.continue()
    })
    await seek(6.5)
    await choose()
    await expect.poll(status).toBe(ana.t('poster.pending', { moment: '0:06' }))
    await looks.at('pedida')
    answer()
    await chosen('0:06')
    await page.unroute('**/poster')
  })

  it('is the very frame at which its owner paused', async () => {
    for (const [moment, shown] of [
      [1, '0:01'],
      [2.517, '0:02'],
      [5.05, '0:05'],
      [7.77, '0:07'],
    ] as const) {
      await seek(moment)
      const seen = await brightness(page.locator('video'))
      await choose()
      await chosen(shown)
      // One frame differs from the next by 23.
      expect([moment, Math.abs((await brightness(poster())) - seen) < 8]).toEqual([moment, true])
    }
    await looks.at('escolhida')
    await page.setViewportSize(smallPhone)
    await panel().scrollIntoViewIfNeeded()
    await looks.at('escolhida-celular')
    await page.setViewportSize(desktop)
  })

  it('goes back to what it was before at a click', async () => {
    const before = await address()
    await seek(3.5)
    await choose()
    await chosen('0:03')
    expect(await address()).not.toBe(before)
    await page
      .getByRole('button', { name: ana.t('do.undo') })
      .last()
      .click()
    await chosen('0:07')
  })

  it('is shown on its card, and by the player', async () => {
    const path = new URL((await address())!).pathname
    expect(new URL((await page.locator('video').getAttribute('poster'))!).pathname).toBe(path)
    await page.getByRole('link', { name: ana.t('watch.back') }).click()
    const card = ana.card(basename(clips.frames)).locator('img')
    expect(new URL((await card.getAttribute('src'))!).pathname).toBe(path)
    await looks.at('biblioteca')
    await ana.card(basename(clips.frames)).getByRole('link').click()
  })

  it('goes back to the automatic one', async () => {
    await panel()
      .getByRole('button', { name: ana.t('poster.reset') })
      .click()
    await expect.poll(status).toBe(ana.t('poster.automatic'))
    await expect.poll(async () => new URL((await address())!).pathname).toBe(new URL(automatic).pathname)
  })

  it('made the browser complain of nothing, and shuts nobody out', () => {
    expect(visit.complaints).toEqual([])
    expect(looks.findings).toEqual([])
  })
})

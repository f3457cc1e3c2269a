import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openStrangeFfmpeg } from '../apps/video-service/test/strange-ffmpeg.ts'
import { type Balcao, startBalcao } from './support/balcao.ts'
import { Looks, openBrowser, openPage, type Visit } from './support/browser.ts'
import { Clips } from './support/media.ts'
import { onFailure } from './support/on-failure.ts'
import { Visitor } from './support/visitor.ts'

let balcao: Balcao
let browser: Browser
let clips: Clips
let dir: string
let visit: Visit

beforeAll(async () => {
  clips = await Clips.open()
  dir = await mkdtemp(join(tmpdir(), 'balcao-growing-'))
  await chmod(dir, 0o755)
  // As on a machine that encodes no faster than one watches.
  const script = 'case "$*" in *" -t "*) exec $real "$@";; *libx264*) exec $real -re "$@";; *) exec $real "$@";; esac'
  const ffmpeg = await (await openStrangeFfmpeg(dir, join(dir, 'work')))('slow', script)
  balcao = await startBalcao({ env: { BALCAO_FFMPEG: ffmpeg } })
  browser = await openBrowser()
  visit = await openPage(browser, balcao.url)
})
afterAll(async () => {
  await browser?.close()
  await balcao?.remove()
  await clips?.remove()
  await rm(dir, { recursive: true, force: true })
})

onFailure(() => ({ balcao, page: visit.page }))

it('whoever watches a film while it is made sees it grow, and get sharper, without a reload', async () => {
  const { page } = visit
  const looks = new Looks(page, 'crescendo')
  const ana = new Visitor(page)
  await ana.createAccount()
  await ana.confirmEmail()
  await ana.enrol()
  await ana.pickFiles(clips.long)
  await ana.card(basename(clips.long)).getByRole('link').click()
  await page.waitForURL(/\/assistir\//)

  const film = page.locator('video')
  await film.waitFor()
  await film.evaluate((video: HTMLVideoElement) => {
    video.dataset.same = 'yes'
    video.muted = true
    return video.play()
  })
  const height = () => film.evaluate((video: HTMLVideoElement) => video.videoHeight)
  await expect.poll(height, { timeout: 30_000 }).toBe(480)
  await page.getByText('Já dá para assistir').first().waitFor()
  await looks.at('comeco')
  await expect.poll(height, { timeout: 60_000 }).toBe(720)
  await expect.poll(() => film.evaluate((video: HTMLVideoElement) => video.ended), { timeout: 90_000 }).toBe(true)
  expect(await film.evaluate((video: HTMLVideoElement) => video.dataset.same)).toBe('yes')
  expect(await film.evaluate((video: HTMLVideoElement) => video.duration)).toBeCloseTo(20, 0)
  await looks.at('inteiro')

  const bar = page.locator('media-time-range')
  const preview = () => bar.evaluate((range) => range.getAttribute('mediapreviewimage'))
  await expect
    .poll(async () => {
      const { x, y, width, height } = (await bar.boundingBox())!
      await page.mouse.move(x + width * Math.random(), y + height / 2)
      return preview()
    })
    .toContain('storyboard.jpg')
  expect(await film.evaluate((video: HTMLVideoElement) => video.dataset.same)).toBe('yes')
})

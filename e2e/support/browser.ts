import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import { type Browser, chromium, type Page } from 'playwright-core'
import { expect } from 'vitest'
import { unpackChromium } from './chromium.ts'

const artifacts = join(import.meta.dirname, '..', 'artifacts')

export const phone = { width: 390, height: 844 }
export const desktop = { width: 1280, height: 800 }

// Nothing of Google's is looked up at the start, and playing needs no click first.
const quiet = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--autoplay-policy=no-user-gesture-required',
]

/** A real browser: the one in node_modules. */
export async function openBrowser(): Promise<Browser> {
  const { executablePath, env } = await unpackChromium()
  return chromium.launch({ executablePath, env: { ...(process.env as Record<string, string>), ...env }, args: quiet })
}

export interface Look {
  readonly viewport?: { width: number; height: number }
  readonly colorScheme?: 'light' | 'dark'
  readonly language?: 'pt-BR' | 'en'
}

/** A page of a person of their own, with no cookies from before. What the page's console complains of is kept. */
export async function openPage(browser: Browser, baseURL: string, look: Look = {}): Promise<Visit> {
  const context = await browser.newContext({
    baseURL,
    viewport: look.viewport ?? desktop,
    colorScheme: look.colorScheme ?? 'light',
    locale: look.language ?? 'pt-BR',
    timezoneId: 'America/Sao_Paulo',
    acceptDownloads: true,
  })
  // As if they had chosen it before.
  if (look.language) await context.addInitScript((kept) => localStorage.setItem('balcao.idioma', kept), look.language)
  const page = await context.newPage()
  page.setDefaultTimeout(20_000)
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  return { page, complaints, close: () => context.close() }
}

export interface Visit {
  readonly page: Page
  readonly complaints: string[]
  close(): Promise<void>
}

/** Keeps a picture as `e2e/artifacts/<name>.png`, for a person to look at. */
export async function picture(page: Page, name: string): Promise<void> {
  await mkdir(artifacts, { recursive: true })
  await page.screenshot({ path: join(artifacts, `${name}.png`), animations: 'disabled' })
}

/** No serious or critical finding of axe on the page as it is now (WCAG 2.2 AA). */
export async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze()
  const serious = violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, help, nodes }) => ({ id, help, where: nodes.map(({ target }) => target.join(' ')) }))
  expect(serious, `axe on ${new URL(page.url()).pathname}`).toEqual([])
}

/** No page is wider than the window it is shown in. */
export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const [wide, shown] = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth])
  expect(wide, `width of ${new URL(page.url()).pathname}`).toBeLessThanOrEqual(shown!)
}

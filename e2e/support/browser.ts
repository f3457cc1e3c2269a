import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import { type Browser, chromium, type Page } from 'playwright-core'
import { unpackChromium } from './chromium.ts'

const artifacts = join(import.meta.dirname, '..', 'artifacts')

export const phone = { width: 390, height: 844 }
/** The narrowest that everything must fit (WEB: mobile first from 360 px). */
export const smallPhone = { width: 360, height: 740 }
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
  // Without a UTF-8 locale it cannot open a file whose name has an accent.
  const locale = { LC_ALL: 'C.UTF-8' }
  return chromium.launch({
    executablePath,
    env: { ...(process.env as Record<string, string>), ...locale, ...env },
    args: quiet,
  })
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
    hasTouch: look.viewport !== undefined && look.viewport.width < 600,
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

/** Keeps a picture of each page and state, and collects what is wrong with them: serious or critical findings of axe
 *  (WCAG 2.2 AA), pages wider than the window, buttons whose words are cut off, and what a finger would miss. A journey ends by expecting `findings` to be empty. */
export class Looks {
  readonly findings: string[] = []

  constructor(
    private readonly page: Page,
    private readonly prefix: string,
  ) {}

  readonly at = async (name: string): Promise<void> => {
    await this.page.evaluate(() => document.fonts.ready)
    await picture(this.page, `${this.prefix}-${name}`)
    const { violations } = await new AxeBuilder({ page: this.page }).analyze()
    for (const { id, impact, help, nodes } of violations) {
      if (impact !== 'serious' && impact !== 'critical') continue
      this.findings.push(`${name}: ${id} (${help}): ${nodes.map(({ html }) => html.slice(0, 200)).join(' | ')}`)
    }
    const [wide = 0, shown = 0] = await this.page.evaluate(() => [document.documentElement.scrollWidth, innerWidth])
    if (wide > shown) this.findings.push(`${name}: ${wide} px wide in a window of ${shown} px`)
    for (const words of await this.page.evaluate(clippedButtons)) this.findings.push(`${name}: “${words}” is cut off`)
    for (const small of await this.page.evaluate(smallTargets)) this.findings.push(`${name}: ${small} under a finger`)
  }
}

/** Runs in the page. @returns the words of the buttons that are wider than their button, or that lie outside the window */
function clippedButtons(): string[] {
  const buttons = [
    ...document.querySelectorAll<HTMLElement>(
      'button, [role=button], [role=menuitem], [role=radiogroup], a[class*=Button]',
    ),
  ]
  const isCut = (element: HTMLElement) =>
    getComputedStyle(element).overflowX !== 'visible' &&
    element.scrollWidth > element.clientWidth + 1 &&
    // Of one pixel it is for screen readers only.
    element.clientWidth > 1
  const isOutside = ({ left, right }: DOMRect) => left < -1 || right > innerWidth + 1
  return buttons
    .filter((button) => button.checkVisibility() && button.innerText.trim() !== '')
    .filter((button) =>
      [button, ...button.querySelectorAll<HTMLElement>('*')].some(
        (element) => isCut(element) || isOutside(element.getBoundingClientRect()),
      ),
    )
    .map((button) => button.innerText.trim())
}

/** Runs in the page. @returns what a finger has to meet on a touch screen and is less than 44 px wide or high */
function smallTargets(): string[] {
  if (!matchMedia('(pointer: coarse)').matches) return []
  return [
    ...document.querySelectorAll<HTMLElement>('button, [role=button], [role=menuitem], label:has(> [role=radio])'),
  ]
    .filter((target) => target.checkVisibility())
    .map((target) => ({ target, box: target.getBoundingClientRect() }))
    .filter(({ box }) => box.width > 1 && (box.width < 43.5 || box.height < 43.5))
    .map(({ target, box }) => `${target.ariaLabel ?? target.innerText}: ${box.width} × ${box.height}`)
}

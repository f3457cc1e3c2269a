import type { Page } from 'playwright-core'
import { beforeEach } from 'vitest'
import type { Balcao } from './balcao.ts'
import { picture } from './browser.ts'

/** After a failed test: what the terminal said, and what the page showed. Tests that are `chained` stand on the failed
 *  one and fail at once instead of waiting for what cannot come. */
export function onFailure(
  seen: () => { balcao?: Balcao | undefined; page?: Page | undefined },
  { chained = () => false }: { chained?: (test: string) => boolean } = {},
): void {
  let broken: string | undefined
  beforeEach(({ onTestFailed, task }) => {
    if (broken && chained(task.name)) throw new Error(`A test that this one stands on failed: ${broken}`)
    onTestFailed(async () => {
      broken ??= task.name
      const { balcao, page } = seen()
      if (balcao) console.log(balcao.output.slice(-6000))
      if (page && !page.isClosed())
        await picture(page, `falhou-${task.name.replace(/[^\p{L}\d]+/gu, '-').slice(0, 60)}`)
    })
  })
}

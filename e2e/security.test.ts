import { generateKeyPairSync, sign } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { authRoutes, type Route, type Upload, videoRoutes } from '@balcao/contracts'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { call, send } from './support/api.ts'
import { type Balcao, startBalcao } from './support/balcao.ts'
import { openBrowser, openPage } from './support/browser.ts'
import { Clips } from './support/media.ts'
import { onFailure } from './support/on-failure.ts'
import { Person } from './support/person.ts'
import { Visitor } from './support/visitor.ts'

describe('what a stranger can do', () => {
  let balcao: Balcao
  let browser: Browser
  let clips: Clips
  let ana: Person
  let bia: Person
  let videoOfAna: string
  let uploadOfAna: Upload

  onFailure(() => ({ balcao }))

  beforeAll(async () => {
    clips = await Clips.open()
    balcao = await startBalcao()
    browser = await openBrowser()
    ana = await Person.signUp(balcao.url)
    bia = await Person.signUp(balcao.url)
    uploadOfAna = await ana.startUpload('pela metade.mp4', 20_000_000)
    videoOfAna = (await ana.upload(clips.small)).id
    await ana.processed(videoOfAna)
  })
  afterAll(async () => {
    await browser?.close()
    await balcao?.remove()
    await clips?.remove()
  })

  const bodies: Partial<Record<string, unknown>> = { signParts: { partNumbers: [1] }, choosePoster: { atSeconds: 0 } }
  const ofOneVideo = Object.entries<Route>(videoRoutes).filter(([, { path }]) => path.includes('{id}'))

  it.each(ofOneVideo)("D3-05, D3-23: finds nothing of another person's at %s", async (name, route) => {
    const body = bodies[name]
    for (const id of [videoOfAna, uploadOfAna.videoId]) {
      const answer = await send(balcao.url, route, { token: bia.token, params: { id }, ...(body ? { body } : {}) })
      expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([404, 'video/not_found'])
    }
  })

  it("does not see another person's videos and uploads in the lists", async () => {
    expect(await bia.videos()).toEqual([])
    expect(await bia.openUploads()).toEqual([])
  })

  describe('with a token that is not an access token of this pool', () => {
    const refused = async (token: string) => {
      const answer = await send(balcao.url, authRoutes.me, { token })
      expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([401, 'auth/invalid_token'])
      expect((await send(balcao.url, videoRoutes.list, { token })).status).toBe(401)
    }
    const parts = () => {
      const [header = '', payload = '', signature = ''] = ana.token.split('.')
      const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>
      return { header: read(header), payload: read(payload), signature }
    }
    const pack = (part: unknown) => Buffer.from(JSON.stringify(part)).toString('base64url')

    it('D3-20: an id token is refused', () => refused(ana.tokens.idToken))
    it('alg none is refused', async () => {
      const { header, payload } = parts()
      await refused(`${pack({ ...header, alg: 'none' })}.${pack(payload)}.`)
    })
    it('a token signed by another pool is refused', async () => {
      const { header, payload } = parts()
      const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
      const signed = `${pack(header)}.${pack(payload)}`
      await refused(`${signed}.${sign('sha256', Buffer.from(signed), privateKey).toString('base64url')}`)
    })
    it('a public key used as an HMAC secret is refused', async () => {
      const { header, payload } = parts()
      await refused(`${pack({ ...header, alg: 'HS256' })}.${pack(payload)}.${'a'.repeat(43)}`)
    })
    it('a token whose expiry was moved is refused', async () => {
      const { header, payload, signature } = parts()
      await refused(`${pack(header)}.${pack({ ...payload, exp: (payload.exp as number) + 3600 })}.${signature}`)
    })
    it.each(['', 'x', 'a.b.c', 'Bearer'])('%j is refused', (token) => refused(token))
    it('the token of another installation is refused', async () => {
      const other = await startBalcao()
      try {
        await refused((await Person.signUp(other.url)).token)
      } finally {
        await other.remove()
      }
    })
  })

  describe('with an HTML page uploaded as a video', () => {
    let hostile: string

    beforeAll(async () => {
      const page = `<!doctype html><title>before</title><script>document.title = 'ran'</script>
        <img src="x" onerror="document.title = 'ran'"><svg onload="document.title = 'ran'"></svg>`
      hostile = join(clips.dir, 'página.mp4')
      await writeFile(hostile, page)
    })

    it('the page is refused as media, and the reason is shown', async () => {
      const { id } = await ana.upload(hostile)
      await expect(ana.processed(id)).rejects.toThrow(/video\/(not_media|unsupported_container)/)
    })

    it('no script of it runs when it is opened by its URL, and nothing of it is offered for opening', async () => {
      const { uploadUrl } = await call(balcao.url, videoRoutes.uploadUrl, {
        token: ana.token,
        body: { fileName: 'página.mp4' },
      })
      const body = `<!doctype html><title>before</title><script>document.title = 'ran'</script>`
      // The sender chooses what it says the bytes are.
      await fetch(uploadUrl, { method: 'PUT', headers: { 'content-type': 'text/html' }, body })
      const visit = await openPage(browser, balcao.url)
      for (const address of [uploadUrl, uploadUrl.split('?')[0]!]) {
        await visit.page.goto(address).catch(() => undefined)
        expect(await visit.page.title()).not.toBe('ran')
        expect(await visit.page.content()).not.toContain('before')
      }
      await visit.close()
    })

    it('what the store signs for watching comes with a sandbox and without sniffing', async () => {
      const { url } = await call(balcao.url, videoRoutes.download, { token: ana.token, params: { id: videoOfAna } })
      const answer = await fetch(url, { headers: { range: 'bytes=0-0' } })
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
      expect(answer.headers.get('content-security-policy')).toContain('sandbox')
    })
  })

  describe('from a page of another origin', () => {
    const attempts = ['/auth/refresh', '/auth/logout', '/auth/login'] as const

    it.each(['store', 'elsewhere'] as const)('nothing of /auth is given to %s', async (where) => {
      const stranger = createServer((_request, response) => {
        response.setHeader('content-type', 'text/html').end('<!doctype html><title>stranger</title>')
      })
      await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve))
      const elsewhere = `http://127.0.0.1:${(stranger.address() as AddressInfo).port}`
      const visit = await openPage(browser, balcao.url)
      try {
        await new Visitor(visit.page).signUp()
        await visit.page.goto(where === 'store' ? `${balcao.objectStoreUrl}/` : elsewhere)
        for (const path of attempts) {
          const seen = await visit.page.evaluate(
            (address) =>
              fetch(address, {
                method: 'POST',
                credentials: 'include',
                headers: { 'content-type': 'application/json' },
                body: '{}',
              }).then(
                (answer) => answer.text(),
                () => 'refused',
              ),
            `${balcao.url}${path}`,
          )
          expect(seen, path).toBe('refused')
          const blind = await visit.page.evaluate(
            (address) =>
              fetch(address, { method: 'POST', mode: 'no-cors', credentials: 'include', body: '{}' }).then(
                () => 'sent',
                () => 'refused',
              ),
            `${balcao.url}${path}`,
          )
          expect(['sent', 'refused'], path).toContain(blind)
        }
        // A blind request was not obeyed either: the session is still there.
        await visit.page.goto('/biblioteca')
        await visit.page.getByRole('heading', { name: 'Biblioteca' }).waitFor()
      } finally {
        await visit.close()
        stranger.close()
      }
    })

    it('a request with a cookie and another Origin is refused', async () => {
      const answer = await send(balcao.url, authRoutes.refresh, {
        body: {},
        headers: { origin: balcao.objectStoreUrl, cookie: 'whatever=1' },
      })
      expect(answer.status).toBe(403)
    })
  })
})

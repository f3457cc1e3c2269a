import type { Secrets } from '@balcao/platform'
import { describe, expect, it } from 'vitest'

/** What every Secrets keeps. @param open another process's view of the same secrets, on each call */
export function secretsContract(name: string, open: () => Promise<Secrets>): void {
  describe(`${name} as Secrets`, () => {
    it('makes a key of 32 bytes when a name is first asked for, and keeps it', async () => {
      const key = await (await open()).current('kept')
      expect(key.bytes).toHaveLength(32)
      expect(await (await open()).current('kept')).toEqual(key)
    })

    it('gives each name a key of its own', async () => {
      const secrets = await open()
      expect((await secrets.current('one')).bytes).not.toEqual((await secrets.current('two')).bytes)
    })

    it('finds a key by its id', async () => {
      const secrets = await open()
      const key = await secrets.current('found')
      expect(await (await open()).byId('found', key.id)).toEqual(key)
    })

    it('refuses an id that the name never had', async () => {
      const secrets = await open()
      const foreign = await secrets.current('mine')
      await expect(secrets.byId('yours', foreign.id)).rejects.toMatchObject({ code: 'secrets/unknown_key' })
    })

    it('makes a text once', async () => {
      const first = await (await open()).text('access-key', () => 'AKIA1')
      expect([first, await (await open()).text('access-key', () => 'AKIA2')]).toEqual(['AKIA1', 'AKIA1'])
    })

    it('keeps a text and a key of the same name apart', async () => {
      const secrets = await open()
      await secrets.text('twin', () => 'text')
      expect((await secrets.current('twin')).bytes).toHaveLength(32)
    })

    it('agrees on one secret when many ask for it first at the same time', async () => {
      const all = await Promise.all(Array.from({ length: 20 }, open))
      const keys = await Promise.all(all.map((secrets) => secrets.current('raced')))
      const texts = await Promise.all(all.map((secrets, i) => secrets.text('raced', () => `text ${i}`)))
      expect(new Set(keys.map(({ id, bytes }) => id + bytes.toString('hex'))).size).toBe(1)
      expect(new Set(texts).size).toBe(1)
    })

    it.each(['', '../up', 'a/b', 'A', '.hidden'])('refuses %j as a name', async (bad) => {
      const secrets = await open()
      await expect(secrets.current(bad)).rejects.toMatchObject({ code: 'secrets/name' })
    })
  })
}

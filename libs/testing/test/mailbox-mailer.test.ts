import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MailboxMailer } from '@balcao/platform/adapters'
import { mailerContract } from '@balcao/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

let dir: string
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'balcao-mailbox-'))
})
afterAll(() => rm(dir, { recursive: true }))

mailerContract('MailboxMailer', async () => ({
  mailer: new MailboxMailer(join(dir, 'contract')),
  received: (to) => new MailboxMailer(join(dir, 'contract')).messages(to),
}))

describe('MailboxMailer', () => {
  const message = { to: 'Ana@Example.com', subject: 'Oi', text: 'Tudo bem?' }

  it('finds a message by its address in any case, and says when it was sent', async () => {
    const box = join(dir, 'case')
    await new MailboxMailer(box).send(message)
    const [found] = await new MailboxMailer(box).messages('aNA@example.com')
    expect(found).toEqual({ ...message, id: expect.any(String), sentAt: expect.stringMatching(/^\d{4}-.*Z$/) })
  })

  it('lets nobody but the owner read, and keeps the person out of the names', async () => {
    const box = join(dir, 'modes')
    await new MailboxMailer(box).send(message)
    const [name, ...more] = await readdir(box)
    expect([name, more]).toEqual([expect.not.stringMatching(/ana/i), []])
    expect((await stat(box)).mode & 0o777).toBe(0o700)
    expect((await stat(join(box, name!))).mode & 0o777).toBe(0o600)
  })

  it('keeps the newest thousand', async () => {
    const box = join(dir, 'full')
    const mailer = new MailboxMailer(box)
    await mailer.send({ ...message, subject: 'kept' })
    const older = (n: number) => `000000000000001-${String(n).padStart(6, '0')}-aa.json`
    const text = JSON.stringify(message)
    await Promise.all(Array.from({ length: 1005 }, (_, n) => writeFile(join(box, older(n)), text)))
    await mailer.send({ ...message, subject: 'newest' })
    const all = await mailer.messages()
    expect(all).toHaveLength(1000)
    expect(all.slice(0, 2).map(({ subject }) => subject)).toEqual(['newest', 'kept'])
    expect(await readdir(box)).not.toContain(older(0))
  })

  it('is empty before the first message', async () => {
    expect(await new MailboxMailer(join(dir, 'never')).messages()).toEqual([])
  })
})

import type { Mailer, Message } from '@balcao/platform'
import { beforeAll, describe, expect, it } from 'vitest'

export interface MailerUnderTest {
  readonly mailer: Mailer
  /** What arrived at an address, newest first. */
  received(to: string): Promise<readonly Message[]>
}

const PARTS: Message = {
  to: 'ana@example.com',
  subject: 'Código de confirmação',
  text: 'Seu código é 123456.\n\n— Balcão',
}

/** What every Mailer keeps. */
export function mailerContract(name: string, prepare: () => Promise<MailerUnderTest>): void {
  describe(`${name} as a Mailer`, () => {
    let mailer: Mailer
    let received: MailerUnderTest['received']
    beforeAll(async () => {
      ;({ mailer, received } = await prepare())
    })

    it('brings a message to its address as it was written', async () => {
      await mailer.send(PARTS)
      expect(await received(PARTS.to)).toMatchObject([PARTS])
    })

    it('brings nothing to others', async () => {
      await mailer.send({ ...PARTS, to: 'bia@example.com' })
      expect(await received('caio@example.com')).toEqual([])
    })

    it('loses none of many that are sent at the same time', async () => {
      const subjects = Array.from({ length: 30 }, (_, i) => `nº ${i}`)
      await Promise.all(subjects.map((subject) => mailer.send({ ...PARTS, to: 'many@example.com', subject })))
      const got = (await received('many@example.com')).map(({ subject }) => subject)
      expect(got.sort()).toEqual(subjects.sort())
    })

    it('shows the newest first', async () => {
      for (const subject of ['first', 'second', 'third'])
        await mailer.send({ ...PARTS, to: 'dora@example.com', subject })
      expect((await received('dora@example.com')).map(({ subject }) => subject)).toEqual(['third', 'second', 'first'])
    })
  })
}

import { readdir, readFile, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { randomToken } from '@balcao/kernel'
import { privateDirectory, writeDurably } from '../durable-file.ts'
import type { KeptMessage, Mailbox, Message } from './mailer.ts'

const KEEP = 1000

/** Messages in order of their names: `<milliseconds>-<number>-<random>.json`. Nothing of a person is in a name. */
const isMessageFile = (name: string) => /^\d{15}-\d{6}-[0-9a-f]+\.json$/.test(name)

async function newestFirst(dir: string): Promise<string[]> {
  try {
    return (await readdir(dir)).filter(isMessageFile).sort().reverse()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

async function unlessGone<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work
  } catch (error) {
    // Another process tidied the same mailbox.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** Mail for development: each message is a file in a private directory, of which the newest 1,000 stay. */
export class MailboxMailer implements Mailbox {
  #sent = 0

  constructor(private readonly dir: string) {}

  async send({ to, subject, text }: Message): Promise<void> {
    await privateDirectory(this.dir)
    const at = new Date()
    const order = [String(at.getTime()).padStart(15, '0'), String(this.#sent++ % 1e6).padStart(6, '0')]
    const id = [...order, randomToken(4)].join('-')
    const message: KeptMessage = { id, to, subject, text, sentAt: at.toISOString() }
    await writeDurably(join(this.dir, `${id}.json`), JSON.stringify(message, null, 2) + '\n')
    for (const old of (await newestFirst(this.dir)).slice(KEEP)) await unlessGone(unlink(join(this.dir, old)))
  }

  async messages(to?: string): Promise<KeptMessage[]> {
    const messages: KeptMessage[] = []
    for (const name of await newestFirst(this.dir)) {
      const text = await unlessGone(readFile(join(this.dir, name), 'utf8'))
      if (text === undefined) continue
      const message = JSON.parse(text) as KeptMessage
      if (to === undefined || message.to.toLowerCase() === to.toLowerCase()) messages.push(message)
    }
    return messages
  }
}

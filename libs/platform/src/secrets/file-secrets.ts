import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '@balcao/kernel'
import { z } from 'zod'
import { createDurably, privateDirectory } from '../durable-file.ts'
import type { SecretKey, Secrets } from './secrets.ts'

/** `<name>.keys.json`. To rotate, add a key and name it in `current`; old ones stay as long as something needs them. */
const KeyFile = z.object({
  current: z.string(),
  keys: z.array(z.object({ id: z.string(), bytes: z.base64url() })).min(1),
})

const newKeyFile = (): string => {
  const id = randomBytes(4).toString('hex')
  return JSON.stringify({ current: id, keys: [{ id, bytes: randomBytes(32).toString('base64url') }] }, null, 2) + '\n'
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** Secrets in files of mode 0600 that are made when first asked for. Any number of processes may share the directory:
 *  whoever comes first decides, all others read. A running process sees a rotated current key at its next start. */
export class FileSecrets implements Secrets {
  readonly #known = new Map<string, { current: string; keys: Map<string, SecretKey> }>()

  constructor(private readonly dir: string) {}

  async current(name: string): Promise<SecretKey> {
    const { current, keys } = this.#known.get(name) ?? (await this.#load(name))
    return keys.get(current)!
  }

  async byId(name: string, id: string): Promise<SecretKey> {
    // An unknown id may have been added by a rotation since the file was read.
    const key = this.#known.get(name)?.keys.get(id) ?? (await this.#load(name)).keys.get(id)
    if (!key)
      throw new AppError('invalid', 'secrets/unknown_key', `The secret "${name}" has no key with the id "${id}".`)
    return key
  }

  async text(name: string, make: () => string | Promise<string>): Promise<string> {
    return this.#readOrCreate(this.#path(name, 'txt'), make)
  }

  async #load(name: string) {
    const path = this.#path(name, 'keys.json')
    const file = parseKeyFile(path, await this.#readOrCreate(path, newKeyFile))
    const keys = new Map(file.keys.map(({ id, bytes }) => [id, { id, bytes: Buffer.from(bytes, 'base64url') }]))
    const known = { current: file.current, keys }
    this.#known.set(name, known)
    return known
  }

  async #readOrCreate(path: string, make: () => string | Promise<string>): Promise<string> {
    const there = await readIfThere(path)
    if (there !== undefined) return there
    await privateDirectory(this.dir)
    await createDurably(path, await make())
    return readFile(path, 'utf8')
  }

  #path(name: string, extension: string): string {
    if (!/^[a-z0-9][a-z0-9_-]*$/.test(name)) {
      throw new AppError('invalid', 'secrets/name', `"${name}" cannot name a secret: use a-z, 0-9, "-" and "_".`)
    }
    return join(this.dir, `${name}.${extension}`)
  }
}

function parseKeyFile(path: string, text: string): z.infer<typeof KeyFile> {
  try {
    const file = KeyFile.parse(JSON.parse(text))
    if (file.keys.some(({ id }) => id === file.current)) return file
  } catch {
    // The reason could quote the secret.
  }
  throw new AppError('invalid', 'secrets/unreadable', `${path} is damaged: put it back from a backup.`)
}

import { AppError } from '@balcao/kernel'
import type { Config } from '@balcao/platform'
import { type Address, whoseAddress } from './whose-address.ts'

type SystemError = NodeJS.ErrnoException & Address

const sentences: Readonly<Record<string, (error: SystemError, config?: Config) => string>> = {
  EADDRINUSE: ({ port }) => `Port ${port} is taken. Stop what uses it, or choose another: PORT=4000 npm start.`,
  EACCES: ({ path, port }) =>
    port
      ? `Port ${port} needs more rights. Choose one above 1023: PORT=3000 npm start.`
      : `There is no right to use ${path}. Give it to this user, or set DATA_DIR to another folder.`,
  ENOSPC: () => 'The disk is full. Free some space and start again; nothing was lost.',
  EROFS: ({ path }) => `${path} cannot be written. Set DATA_DIR to a folder that can.`,
  ENOTDIR: ({ path }) => `There is a file on the way to ${path} where a folder must be. Set DATA_DIR to a folder.`,
  ECONNREFUSED: refused,
}

/** What went wrong at the start and what to do about it, in a sentence for the person at the terminal.
 *  @param config where it is known: it says whose an address is */
export function explain(error: unknown, config?: Config): string {
  if (error instanceof AppError) return error.message
  const code = (error as NodeJS.ErrnoException)?.code ?? ''
  const sentence = sentences[code]
  if (sentence) return sentence(error as SystemError, config)
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

function refused(error: SystemError, config?: Config): string {
  // A name that stands for several addresses was tried at each.
  const { address, port } = error instanceof AggregateError ? (error.errors[0] as SystemError) : error
  const place = port === undefined ? address : `${address?.includes(':') ? `[${address}]` : address}:${port}`
  const owners = config ? whoseAddress({ address, port }, config) : []
  const whose = owners.length > 0 ? `, the address of ${owners.join(' or ')}` : ''
  return `Nothing answers at ${place}${whose}. Check that address and that its server runs.`
}

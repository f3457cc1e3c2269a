import { AppError } from '@balcao/kernel'

const sentences: Readonly<Record<string, (error: NodeJS.ErrnoException & { port?: number }) => string>> = {
  EADDRINUSE: ({ port }) => `Port ${port} is taken. Stop what uses it, or choose another: PORT=4000 npm start.`,
  EACCES: ({ path, port }) =>
    port
      ? `Port ${port} needs more rights. Choose one above 1023: PORT=3000 npm start.`
      : `There is no right to use ${path}. Give it to this user, or set DATA_DIR to another folder.`,
  ENOSPC: () => 'The disk is full. Free some space and start again; nothing was lost.',
  EROFS: ({ path }) => `${path} cannot be written. Set DATA_DIR to a folder that can.`,
  ENOTDIR: ({ path }) => `There is a file on the way to ${path} where a folder must be. Set DATA_DIR to a folder.`,
  ECONNREFUSED: () => 'The database does not answer. Check DATABASE_URL and that the server runs.',
}

/** What went wrong at the start and what to do about it, in a sentence for the person at the terminal. */
export function explain(error: unknown): string {
  if (error instanceof AppError) return error.message
  const code = (error as NodeJS.ErrnoException)?.code ?? ''
  const sentence = sentences[code]
  if (sentence) return sentence(error as NodeJS.ErrnoException)
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

import { AppError } from '@balcao/kernel'
import { roomOn } from '@balcao/platform'

/** Milliseconds between two looks. At 1 GB/s, faster than anything is encoded, ffmpeg takes no more than the reserve. */
const LOOK_MS = 1000

/** Whether a program says so of the disk that it writes to. */
export const saysFull = (line: string): boolean => /No space left on device|Disk quota exceeded/.test(line)

/** @param dir on the disk that is full  @param stderr ffmpeg's last words, for the log */
export async function diskFull(dir: string, stderr = ''): Promise<AppError> {
  const missing = Math.max(1, -Math.floor(await roomOn(dir)))
  const details = { missing, ...(stderr && { stderr: stderr.slice(-2000) }) }
  return new AppError('unavailable', 'video/disk_full', 'O servidor está sem espaço em disco.', details)
}

/** @throws AppError `video/disk_full` */
export async function assertSomeRoom(dir: string): Promise<void> {
  if ((await roomOn(dir)) <= 0) throw await diskFull(dir)
}

/** A signal that aborts as the given one does, and once what is written to a disk takes what its database needs. */
export function watchRoom(dir: string, signal: AbortSignal): { readonly signal: AbortSignal; close(): void } {
  const full = new AbortController()
  const look = () => assertSomeRoom(dir).catch((error: unknown) => full.abort(error))
  const timer = setInterval(look, LOOK_MS)
  return { signal: AbortSignal.any([signal, full.signal]), close: () => clearInterval(timer) }
}

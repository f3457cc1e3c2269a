import { AppError } from '@balcao/kernel'
import type { Files } from '../ports/files.ts'

/** Commits what needs a written file, or none. Where that is refused the file goes; where the answer was lost nobody knows whether
 *  the commit came through, and a sweep decides. */
export async function commitOrRemove<T>(
  files: Pick<Files, 'remove'>,
  fileId: string | undefined,
  commit: () => Promise<T>,
): Promise<T> {
  try {
    return await commit()
  } catch (error) {
    if (error instanceof AppError && fileId) await files.remove(fileId)
    throw error
  }
}

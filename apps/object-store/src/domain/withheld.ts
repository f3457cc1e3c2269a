import { checkKey } from './names.ts'
import { refusal } from './refusal.ts'

/** A folder of keys: one that is the beginning of another's name is not meant by it.
 *  @throws AppError `InvalidArgument`, `KeyTooLongError`, `InvalidURI` */
export function checkFolder(prefix: string): void {
  checkKey(prefix)
  if (!prefix.endsWith('/')) throw refusal('InvalidArgument', 'What is withheld must end with a slash.')
}

/** Every folder in which a key lies: `a/b/c` in `a/` and `a/b/`. */
export function foldersOf(key: string): string[] {
  const folders: string[] = []
  for (let at = key.indexOf('/'); at >= 0; at = key.indexOf('/', at + 1)) folders.push(key.slice(0, at + 1))
  return folders
}

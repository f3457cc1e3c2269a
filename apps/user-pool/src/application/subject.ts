import { normalise } from '../domain/email.ts'
import type { User } from '../domain/user.ts'
import type { Pseudonym } from './pseudonym.ts'

/** Under which name guesses and codes are counted: the account's, or one that stands for a name that has no
 *  account, so that both are counted alike and answered alike. */
export function subjectOf(user: User | undefined, username: string, pseudonym: Pseudonym): string {
  return user ? user.sub : `?${pseudonym('name', normalise(username))}`
}

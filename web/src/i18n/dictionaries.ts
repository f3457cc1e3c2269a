import * as account from '../account/texts.ts'
import * as app from '../app/texts.ts'
import * as frames from '../frames/texts.ts'
import * as library from '../library/texts.ts'
import * as mailbox from '../mailbox/texts.ts'
import * as player from '../player/texts.ts'
import * as signIn from '../sign-in/texts.ts'
import * as upload from '../upload/texts.ts'

/** Every text of the page; each feature brings its own, and a key that one language lacks does not compile there. */
export const ptBr = {
  ...app.pt,
  ...signIn.pt,
  ...library.pt,
  ...player.pt,
  ...frames.pt,
  ...upload.pt,
  ...account.pt,
  ...mailbox.pt,
}
export type Key = keyof typeof ptBr

export const en: Record<Key, string> = {
  ...app.en,
  ...signIn.en,
  ...library.en,
  ...player.en,
  ...frames.en,
  ...upload.en,
  ...account.en,
  ...mailbox.en,
}

import { createHash } from 'node:crypto'

/** E-mail addresses and usernames are compared without regard to case (Cognito's default). */
export function normalise(username: string): string {
  return username.normalize('NFC').toLowerCase()
}

/** A dot-atom and a domain with a dot; whether it exists, the code that is sent there will tell. */
export function isEmail(text: string): boolean {
  return text.length <= 254 && /^[^\s@"<>(),:;[\]\\]{1,64}@[^\s@.]+(\.[^\s@.]+)+$/.test(text)
}

/** `m***@e***`, as Cognito masks where it sends. A name that is no address gets a made-up one, always the
 *  same for that name, so that the answer does not tell whether the account exists. */
export function maskedDestination(username: string): string {
  const [local, domain] = isEmail(username) ? username.split('@') : madeUp(username)
  return `${local![0]}***@${domain![0]}***`
}

function madeUp(username: string): [string, string] {
  const digest = createHash('sha256')
    .update(`destination of ${normalise(username)}`)
    .digest()
  const letter = (i: number) => String.fromCharCode(97 + (digest[i]! % 26))
  return [letter(0), letter(1)]
}

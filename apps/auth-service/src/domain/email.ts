/** The form in which an address is compared and sent to the pool. */
export function normalEmail(text: string): string {
  return text.trim().toLowerCase()
}

/** `m***@e***.br`: enough to recognise one's own address. Made from what was typed, never from what is stored,
 *  so that it tells nothing about whether an account exists. */
export function maskEmail(email: string): string {
  const at = email.lastIndexOf('@')
  const domain = email.slice(at + 1)
  return `${email.slice(0, 1)}***@${domain.slice(0, 1)}***${domain.slice(domain.lastIndexOf('.'))}`
}

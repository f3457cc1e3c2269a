/** Whether a host name or address is this machine's own. */
export const isLoopbackHost = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host)

/** Whether an address answers on this machine only. */
export function isLoopbackUrl(address: string): boolean {
  return isLoopbackHost(new URL(address).hostname.replace(/^\[|\]$/g, ''))
}

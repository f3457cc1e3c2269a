import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Config } from '@balcao/platform'

const METHODS = 'GET, HEAD, PUT'
const EXPOSED = 'ETag, Content-Length, Content-Range, Accept-Ranges, x-amz-request-id'
const ASKABLE = /^(content-type|content-md5|range|if-match|if-none-match|x-amz-[a-z0-9-]+)$/

/** What every answer carries: nothing from here runs a script or is taken for another type, and only the pages of
 *  Balcão may read it. Returns a function that sets those headers and tells whether the request was a preflight. */
export function policies(config: Config) {
  const page = new URL(config.urls.public)
  // A site is more than an origin: hosts that are equal are of one site whatever their ports.
  const sameHost = page.hostname === new URL(config.urls.objectStore).hostname

  return (req: IncomingMessage, res: ServerResponse): { preflight: boolean } => {
    res.setHeader('x-content-type-options', 'nosniff')
    res.setHeader('content-security-policy', 'sandbox')
    res.setHeader('cross-origin-resource-policy', sameHost ? 'same-site' : 'cross-origin')
    res.setHeader('referrer-policy', 'no-referrer')
    res.setHeader('vary', 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers')
    const ours = req.headers.origin === page.origin
    if (ours) {
      res.setHeader('access-control-allow-origin', page.origin)
      res.setHeader('access-control-expose-headers', EXPOSED)
    }
    const preflight = req.method === 'OPTIONS' && req.headers['access-control-request-method'] !== undefined
    if (preflight && ours) {
      const asked = (req.headers['access-control-request-headers'] ?? '')
        .split(',')
        .map((name) => name.trim().toLowerCase())
      res.setHeader('access-control-allow-methods', METHODS)
      res.setHeader('access-control-allow-headers', asked.filter((name) => ASKABLE.test(name)).join(', '))
      res.setHeader('access-control-max-age', '3600')
    }
    return { preflight }
  }
}

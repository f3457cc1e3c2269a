/** A path of this site to come back to after signing in; anything else becomes the library. */
export function returnPath(wanted: string | undefined): string {
  // `//host` and `/\host` would leave the site.
  return wanted && /^\/(?![/\\])/.test(wanted) && !wanted.startsWith('/entrar') ? wanted : '/biblioteca'
}

import { refusal } from '../domain/refusal.ts'

type Headers = Readonly<Record<string, string | undefined>>

/** Parameters of a signed URL that are its signature's own. */
const OF_SIGNATURE = new Set(
  ['algorithm', 'content-sha256', 'credential', 'date', 'expires', 'security-token', 'signature', 'signedheaders'].map(
    (name) => `x-amz-${name}`,
  ),
)

/** What a header may be called (RFC 9110 §5.6.2). */
const TOKEN = /^[\w!#$%&'*+.^`|~-]+$/

/** The header that a parameter of a signed URL stands for: who signs may put `x-amz-` headers into the query, so that
 *  whoever gets the URL need not send them. */
export function hoistedName(parameter: string): string | undefined {
  const name = parameter.toLowerCase()
  return name.startsWith('x-amz-') && !OF_SIGNATURE.has(name) ? name : undefined
}

/** The headers that the query of a signed URL holds, named in lower case, as Node would give them: bytes of UTF-8 read as
 *  Latin-1.  @param sent those of the request  @throws AppError `InvalidRequest` for one that both have and that differs,
 *  or that cannot be a header */
export function hoistedHeaders(query: ReadonlyMap<string, string>, sent: Headers): Headers {
  const hoisted: Record<string, string> = {}
  for (const [parameter, text] of query) {
    const name = hoistedName(parameter)
    if (name === undefined) continue
    const value = Buffer.from(text).toString('latin1')
    if (!TOKEN.test(name) || /[^\t\x20-\x7e\x80-\xff]/.test(value))
      throw refusal('InvalidRequest', `${name} cannot be a header.`)
    if ((sent[name] ?? value) !== value || (hoisted[name] ?? value) !== value)
      throw refusal('InvalidRequest', `${name} is said twice, and differently.`)
    hoisted[name] = value
  }
  return hoisted
}

import { ALGORITHM, parseQuery, type QueryPair, UNSIGNED_PAYLOAD } from './sigv4.ts'

/** A request as it came over the wire; header names in lower case, as Node gives them. */
export interface SignedRequest {
  readonly method: string
  /** Raw, without the query. */
  readonly path: string
  /** Raw, without `?`. */
  readonly query: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
}

export type SigV4Refusal =
  | 'missing'
  | 'malformed'
  | 'unknown_key'
  | 'skewed'
  | 'expired'
  | 'expires_too_long'
  | 'unsigned_header'
  | 'mismatch'

export const refuse = (reason: SigV4Refusal, message: string) => ({ ok: false, reason, message }) as const

/** What a request says of its signature; nothing of it is true yet. */
export interface Claim {
  readonly presigned: boolean
  readonly credential: string
  readonly signedHeaders: readonly string[]
  readonly signature: string
  readonly date: string
  readonly expires: string | undefined
  readonly payloadHash: string | undefined
  /** The pairs that are signed. */
  readonly query: readonly QueryPair[]
}

/** Reads the signature from the Authorization header or from the query.
 *  @param options.payloadHash of the body, where no header states it */
export function readClaim(
  request: SignedRequest,
  header: (name: string) => string | undefined,
  options: { readonly service: string; readonly payloadHash?: string },
): Claim | ReturnType<typeof refuse> {
  let pairs: QueryPair[]
  try {
    pairs = parseQuery(request.query)
  } catch {
    return refuse('malformed', 'The query is not properly percent-encoded UTF-8.')
  }
  const authorization = header('authorization')
  const presigned = pairs.some(([name]) => name === 'X-Amz-Algorithm' || name === 'X-Amz-Signature')
  if (presigned && authorization) return refuse('malformed', 'Sign in the query or in a header, not in both.')
  const sentHash = header('x-amz-content-sha256')

  if (presigned) {
    const fields = new Map<string, string>()
    for (const [name, value] of pairs.filter(([name]) => name.startsWith('X-Amz-'))) {
      if (fields.has(name)) return refuse('malformed', `${name} must be given once.`)
      fields.set(name, value)
    }
    const [credential, signedHeaders, given, date] = [
      'X-Amz-Credential',
      'X-Amz-SignedHeaders',
      'X-Amz-Signature',
      'X-Amz-Date',
    ].map((name) => fields.get(name))
    if (fields.get('X-Amz-Algorithm') !== ALGORITHM || !credential || !signedHeaders || !given || !date)
      return refuse(
        'malformed',
        `A signed URL needs X-Amz-Algorithm=${ALGORITHM}, X-Amz-Credential, X-Amz-Date, X-Amz-Expires, X-Amz-SignedHeaders and X-Amz-Signature.`,
      )
    return {
      presigned,
      credential,
      signedHeaders: signedHeaders.split(';'),
      signature: given,
      date,
      expires: fields.get('X-Amz-Expires'),
      payloadHash: fields.get('X-Amz-Content-Sha256') ?? sentHash ?? options.payloadHash ?? UNSIGNED_PAYLOAD,
      query: pairs.filter(([name]) => name !== 'X-Amz-Signature'),
    }
  }

  if (!authorization) return refuse('missing', 'The request is not signed.')
  const match = /^AWS4-HMAC-SHA256 +Credential=([^, ]+), *SignedHeaders=([^, ]+), *Signature=([0-9a-f]+) *$/.exec(
    authorization,
  )
  if (!match)
    return refuse('malformed', `Authorization must be ${ALGORITHM} Credential=…, SignedHeaders=…, Signature=….`)
  const payloadHash = options.service === 's3' ? sentHash : options.payloadHash
  if (!payloadHash) return refuse('malformed', 'The header x-amz-content-sha256 is missing.')
  return {
    presigned,
    credential: match[1]!,
    signedHeaders: match[2]!.split(';'),
    signature: match[3]!,
    date: header('x-amz-date') ?? '',
    expires: undefined,
    payloadHash,
    query: pairs,
  }
}

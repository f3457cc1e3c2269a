import type { Problem, Route } from '@balcao/contracts'
import type { z } from 'zod'

/** What the API refused, with its problem document. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly problem: Problem,
  ) {
    super(`${status} ${problem.code}: ${problem.detail}`)
  }
}

type Answer<R extends Route> = R['answers'][keyof R['answers']] extends infer A
  ? A extends z.ZodType
    ? z.infer<A>
    : undefined
  : never

export interface Ask {
  readonly token?: string
  readonly params?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, string>>
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** One operation over HTTP, sent as any program outside would. Nothing is checked. */
export function send(
  url: string,
  route: Route,
  { token, params = {}, query, body, headers }: Ask = {},
): Promise<Response> {
  const path = route.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name]!))
  return fetch(`${url}${path}${query ? `?${new URLSearchParams(query)}` : ''}`, {
    method: route.method,
    headers: {
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    body: body === undefined ? null : JSON.stringify(body),
  })
}

/** One operation, its answer held against the contract. @throws Refused */
export async function call<R extends Route>(url: string, route: R, ask: Ask = {}): Promise<Answer<R>> {
  const response = await send(url, route, ask)
  if (!response.ok) throw new Refused(response.status, (await response.json()) as Problem)
  const schema = route.answers[response.status]
  if (schema === undefined)
    throw new Error(`${route.path} answered ${response.status}, which its contract does not name`)
  if (schema === null || typeof schema === 'string') return undefined as Answer<R>
  return schema.parse(await response.json()) as Answer<R>
}

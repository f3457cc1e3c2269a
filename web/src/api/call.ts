import { Problem, type Route } from '@balcao/contracts'
import type { z } from 'zod'

/** What a route answers with: the union of its documented bodies; `undefined` where there is none. */
export type AnswerOf<R extends Route> = {
  [S in keyof R['answers']]: R['answers'][S] extends z.ZodType ? z.infer<R['answers'][S]> : undefined
}[keyof R['answers']]

export interface RawInput {
  readonly params?: Record<string, string>
  readonly query?: Record<string, string | number | undefined>
  readonly body?: unknown
  readonly signal?: AbortSignal
}

/** What a route takes; its body as the contract types it. */
export interface Input<R extends Route> extends RawInput {
  readonly body?: R['body'] extends z.ZodType ? z.input<R['body']> : never
}

/** The server said no, or could not be reached. `code` is the key of the text that the person reads. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError'
  readonly code: string
  readonly status: number
  readonly details: Record<string, unknown>

  constructor(code: string, status: number, detail = '', details: Record<string, unknown> = {}) {
    super(detail)
    this.code = code
    this.status = status
    this.details = details
  }
}

/** The address of a route with its parameters filled in, on this origin. */
export function addressOf(route: Route, input: Pick<RawInput, 'params' | 'query'> = {}): string {
  const path = route.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(input.params?.[name] ?? ''))
  const query = Object.entries(input.query ?? {}).flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [[name, String(value)]],
  )
  return query.length > 0 ? `${path}?${new URLSearchParams(query)}` : path
}

/** Sends one request and hands back the raw answer. @throws ProblemError for every status from 400 on, and offline */
export async function send(route: Route, input: RawInput = {}, accessToken?: string): Promise<Response> {
  let response: Response
  try {
    response = await fetch(addressOf(route, input), {
      method: route.method,
      headers: {
        accept: 'application/json, application/problem+json, text/event-stream',
        ...(accessToken ? { authorization: `Bearer ${accessToken}` } : {}),
        ...(input.body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(input.body === undefined ? {} : { body: JSON.stringify(input.body) }),
      ...(input.signal ? { signal: input.signal } : {}),
      cache: 'no-store',
    })
  } catch (error) {
    if (input.signal?.aborted) throw error
    throw new ProblemError('network/unreachable', 0)
  }
  if (response.ok) return response
  const problem = Problem.safeParse(await response.json().catch(() => null))
  if (problem.success)
    throw new ProblemError(problem.data.code, response.status, problem.data.detail, problem.data.details)
  throw new ProblemError(response.status >= 500 ? 'server/failed' : 'request/refused', response.status)
}

/** The body of an answer, as the contract types it. */
export async function read<R extends Route>(response: Response): Promise<AnswerOf<R>> {
  const text = await response.text()
  return (text === '' ? undefined : JSON.parse(text)) as AnswerOf<R>
}

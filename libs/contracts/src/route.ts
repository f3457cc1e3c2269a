import { z } from 'zod'

/** One HTTP operation as the outside sees it: the web's client, the controllers' tests and OpenAPI all read it. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** With OpenAPI's braces: `/videos/{id}`. */
  readonly path: string
  readonly summary: string
  readonly auth: 'none' | 'bearer'
  readonly query?: z.ZodType
  readonly body?: z.ZodType
  /** One, by its status; `null` is an answer without a body, a string is the media type of one that is not JSON. */
  readonly answers: Readonly<Record<number, z.ZodType | string | null>>
}

type NameIn<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}` ? Name | NameIn<Rest> : never

/** The names in braces of a path, as what a request puts there. */
export type PathParams<Path extends string> = { readonly [Name in NameIn<Path>]: string }

type Read<T> = T extends z.ZodType ? z.output<T> : undefined

/** What a request to a route brings, as its contract has read it. */
export interface Input<R extends Route> {
  readonly params: PathParams<R['path']>
  readonly query: Read<R['query']>
  readonly body: Read<R['body']>
}

type Nothing = ReturnType<() => void>
type Given<Answer> = Answer extends z.ZodType
  ? z.output<Answer>
  : Answer extends 'text/event-stream'
    ? Nothing
    : Answer extends string
      ? string | Uint8Array
      : Nothing

/** What a route answers: the value of its schema; text or bytes of its media type; nothing. A stream writes its own. */
export type AnswerOf<R extends Route> = Given<R['answers'][keyof R['answers']]>

/** RFC 9457 problem details. `code` is the key of the translated text; `detail` the documented sentence. */
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string(),
  code: z.string(),
  details: z.record(z.string(), z.unknown()).optional(),
})
export type Problem = z.infer<typeof Problem>

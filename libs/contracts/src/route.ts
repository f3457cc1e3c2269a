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
  /** By status; `null` is an answer without a body, a string is the media type of one that is not JSON. */
  readonly answers: Readonly<Record<number, z.ZodType | string | null>>
}

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

import type { Input, Route } from '@balcao/contracts'
import { AppError } from '@balcao/kernel'
import type { FastifyRequest } from 'fastify'
import type { z } from 'zod'

/** What a request brings, read by the route's contract. @throws AppError `request/invalid` that names the field */
export function readInput<R extends Route>(route: R, request: FastifyRequest): Input<R> {
  return {
    params: request.params,
    query: route.query && read(route.query, request.query),
    body: route.body && read(route.body, request.body),
  } as Input<R>
}

function read(schema: z.ZodType, value: unknown): unknown {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const fields = result.error.issues.map(({ path, message }) => ({ field: path.map(String).join('.'), message }))
  const { field, message } = fields[0]!
  throw new AppError('invalid', 'request/invalid', field ? `${field}: ${message}` : message, { fields })
}

import { isDeepStrictEqual } from 'node:util'
import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common'
import { map, type Observable } from 'rxjs'
import { toJson } from '../sql/json.ts'
import { routeOf } from './answers.ts'

/** Holds every JSON answer against its contract: a field that is missing, of another type or, at any depth, one that the
 *  contract does not know, ends the request as a failure of ours. For tests: what leaks is found by whoever wrote it. */
export class CheckAnswers implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const route = routeOf(context.getHandler())
    return next.handle().pipe(
      map((answer: unknown) => {
        const [promised] = route ? Object.values(route.answers) : []
        if (!route || promised === undefined || typeof promised === 'string') return answer
        if (promised === null ? answer !== undefined : !isAsPromised(promised, answer)) {
          throw new Error(`${route.method} ${route.path} did not answer what its contract promises.`)
        }
        return answer
      }),
    )
  }
}

function isAsPromised(
  schema: { safeParse(value: unknown): { success: boolean; data?: unknown } },
  answer: unknown,
): boolean {
  const wire = JSON.parse(toJson(answer) ?? 'null')
  const read = schema.safeParse(wire)
  return read.success && isDeepStrictEqual(JSON.parse(toJson(read.data)), wire)
}

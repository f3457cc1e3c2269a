import type { AnswerOf, Input, Route } from '@balcao/contracts'
import {
  createParamDecorator,
  type ExecutionContext,
  Header,
  HttpCode,
  RequestMapping,
  RequestMethod,
  Res,
  UseGuards,
} from '@nestjs/common'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Identity } from '../tokens/token-verifier.ts'
import { BearerGuard, identityOf } from './bearer-guard.ts'
import { readInput } from './read-input.ts'

/** What a controller's method is given: who asks, and what they bring, as the route's contract says. */
export type Asked<R extends Route> = Input<R> & {
  /** Who asks, where the route wants a bearer token. */
  readonly caller: R['auth'] extends 'bearer' ? Identity : undefined
  readonly request: FastifyRequest
  readonly reply: FastifyReply
}

const ROUTE = Symbol('route')

const AskedFor = createParamDecorator((route: Route, context: ExecutionContext): Asked<Route> => {
  const request = context.switchToHttp().getRequest<FastifyRequest>()
  const reply = context.switchToHttp().getResponse<FastifyReply>()
  return { ...readInput(route, request), caller: identityOf(request) as never, request, reply }
})

/** Makes a controller's method the answer to a route of the contract, which says method, path, status, who may ask, what
 *  they bring and what they get. The method takes one argument; one of another type, or another answer, does not
 *  compile. Answers to people who are signed in are never stored. */
export function Answers<const R extends Route>(route: R) {
  type Method = (asked: Asked<R>) => AnswerOf<R> | Promise<AnswerOf<R>>
  return <M extends Method>(target: object, name: string, descriptor: TypedPropertyDescriptor<M>): void => {
    const [status, answer] = Object.entries(route.answers)[0]!
    const path = route.path.replace(/\{(\w+)\}/g, ':$1')
    const apply: MethodDecorator[] = [
      RequestMapping({ path, method: RequestMethod[route.method] }),
      HttpCode(Number(status)),
      ...(route.auth === 'bearer' ? [UseGuards(BearerGuard), Header('cache-control', 'no-store')] : []),
    ]
    if (answer === 'text/event-stream') Res()(target, name, 1)
    else if (typeof answer === 'string')
      apply.push(Header('content-type', answer.startsWith('text/') ? `${answer}; charset=utf-8` : answer))
    for (const decorate of apply) decorate(target, name, descriptor)
    AskedFor(route)(target, name, 0)
    Reflect.defineMetadata(ROUTE, route, descriptor.value as object)
  }
}

/** The route that a controller's method answers. */
export const routeOf = (method: unknown): Route | undefined =>
  typeof method === 'function' ? Reflect.getMetadata(ROUTE, method) : undefined

/** The routes that controllers answer. */
export function routesOf(controllers: readonly { readonly prototype: object }[]): Route[] {
  return controllers.flatMap(({ prototype }) =>
    Object.values(Object.getOwnPropertyDescriptors(prototype)).flatMap(({ value }) => routeOf(value) ?? []),
  )
}

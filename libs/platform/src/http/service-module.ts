import type { Route } from '@balcao/contracts'
import { type DynamicModule, Module } from '@nestjs/common'
import type { AnyService } from '../service.ts'
import type { TokenVerifier } from '../tokens/token-verifier.ts'
import { routesOf } from './answers.ts'
import { TOKENS } from './bearer-guard.ts'
import { USE_CASES } from './use-cases.ts'

/** A service whose use cases are open. */
export interface OpenedService {
  readonly service: AnyService
  readonly useCases: unknown
}

@Module({})
class ServiceModule {}

/** The controllers of a service's chosen parts, with its use cases to inject, and the routes that they answer.
 *  @throws Error for a route of the contract that no controller answers, where all parts are chosen */
export async function serviceModule(
  { service, useCases }: OpenedService,
  parts: ReadonlySet<string>,
  tokens: TokenVerifier,
): Promise<{ module: DynamicModule; routes: Route[] }> {
  const chosen = Object.entries(service.http ?? {}).filter(([part]) => parts.has(part))
  const controllers = (await Promise.all(chosen.map(([, load]) => load()))).flat()
  const routes = routesOf(controllers)
  if (service.parts.every((part) => parts.has(part))) assertComplete(service, routes)
  return {
    routes,
    module: {
      // A class of its own for each service: Nest tells modules apart by it.
      module: class extends ServiceModule {},
      controllers: controllers as never,
      providers: [
        { provide: USE_CASES, useValue: useCases },
        { provide: TOKENS, useValue: tokens },
      ],
    },
  }
}

function assertComplete({ name, routes = {} }: AnyService, answered: readonly Route[]): void {
  for (const [operation, route] of Object.entries(routes)) {
    const times = answered.filter((each) => each === route).length
    if (times !== 1) throw new Error(`The route "${operation}" of ${name} has ${times} controllers, not one.`)
  }
}

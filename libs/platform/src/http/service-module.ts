import { type DynamicModule, Module } from '@nestjs/common'
import type { AnyService } from '../service.ts'
import { PLATFORM } from './platform-token.ts'
import { USE_CASES } from './use-cases.ts'

@Module({})
class ServiceModule {}

/** The controllers of a service's chosen parts, with its use cases to inject. */
export async function serviceModule(
  service: AnyService,
  useCases: unknown,
  parts: ReadonlySet<string>,
  platform: object,
): Promise<DynamicModule> {
  const chosen = Object.entries(service.http ?? {}).filter(([part]) => parts.has(part))
  const controllers = (await Promise.all(chosen.map(([, load]) => load()))).flat()
  return {
    // A class of its own for each service: Nest tells modules apart by it.
    module: class extends ServiceModule {},
    controllers: controllers as never,
    providers: [
      { provide: USE_CASES, useValue: useCases },
      { provide: PLATFORM, useValue: platform },
      ...Object.values(useCases as object).map((value) => ({ provide: value.constructor, useValue: value })),
    ],
  }
}

import type { AnyService, Config } from '@balcao/platform'

/** Where this very process listens, part by part, which is not where people reach it when a proxy stands before it.
 *  @param services of this process */
export function addressesOf(config: Config, services: readonly AnyService[]): (readonly [what: string, at: string])[] {
  const host = config.host.includes(':') ? `[${config.host}]` : config.host
  const at = (port: number) => `http://${host}:${port}`
  const servers = services.flatMap(({ name, listens }): [string, string][] =>
    listens ? [[name, at(listens(config))]] : [],
  )
  const apis = config.parts.has('web') || services.some(({ http }) => http)
  if (config.role !== 'worker') return apis ? [...servers, ['http', at(config.ports.http)]] : servers
  return config.ports.metrics === undefined ? [] : [['metrics', at(config.ports.metrics)]]
}

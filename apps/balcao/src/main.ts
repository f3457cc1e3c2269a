import type { Config, Running } from '@balcao/platform'
import { loadConfig, withGeneratedKeys } from '@balcao/platform/open'
import { addressesOf } from './addresses.ts'
import { exitCodeOf } from './exit-code.ts'
import { explain } from './explain.ts'
import { root, version } from './installation.ts'
import { migrateHouse } from './migrate.ts'
import { startProcess } from './process.ts'
import { chosenServices, PARTS } from './services.ts'

let config: Config | undefined

/** One process: the services of SERVICES in the ROLE it is given. The launcher starts several of these;
 *  on servers each is a deployment of its own. */
async function main(): Promise<void> {
  let running: Running | undefined
  let closing = false
  const stop = async () => {
    if (closing) return
    closing = true
    await running?.close()
    process.exit(0)
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
  // The launcher is gone, however that came about, be it while we start: nothing of ours may stay.
  process.on('disconnect', stop)

  config = loadConfig(await withGeneratedKeys(process.env), PARTS)
  if (config.role === 'migrate') {
    await migrateHouse(config)
    process.exit(0)
  }
  running = await startProcess(config, root, version)
  if (process.send) process.send('ready')
  else {
    const at = addressesOf(config, chosenServices(config)).map(([what, address]) => `\n  ${what.padEnd(13)} ${address}`)
    console.log(`Balcão is ready: ${[...config.parts].join(', ')} (${config.role}).${at.join('')}`)
  }
}

main().catch((error) => {
  console.error(explain(error, config))
  process.exit(exitCodeOf(error))
})

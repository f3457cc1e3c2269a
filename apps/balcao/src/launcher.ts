import type { Config } from '@balcao/platform'
import { loadConfig, withGeneratedKeys } from '@balcao/platform/open'
import { explain } from './explain.ts'
import { Processes } from './processes.ts'
import { PARTS, processPlan } from './services.ts'
import { keepToStore } from './store-in-use.ts'

const say = (sentence: string) => console.log(sentence)

async function launch(): Promise<void> {
  const env = await withGeneratedKeys(process.env)
  const config = loadConfig(env, PARTS)
  const processes = new Processes(say)
  let stopping: Promise<void> | undefined
  const stop = (code: number): Promise<void> => {
    stopping ??= processes.stop((error) => console.error(explain(error))).then(() => process.exit(code))
    return stopping
  }
  const onSignal = () => {
    if (stopping) return processes.kill()
    say('\nStopping …')
    void stop(0)
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  process.on('SIGHUP', onSignal)

  const ownStore = config.store.kind === 'embedded' ? [config.ports.objectStore] : []
  try {
    await keepToStore(config)
    await processes.start(config, env, processPlan(config), [config.ports.http, config.ports.userPool, ...ownStore])
  } catch (error) {
    if (!stopping) console.error(`\n${explain(error)}`)
    return stop(1)
  }
  announce(config)
  await warn(config)
}

function announce(config: Config): void {
  const whose = config.store.kind === 'embedded' ? "S3's protocol" : "S3's protocol, not ours"
  say(`
  Balcão is ready.

  Page           ${config.urls.public}
  User pool      ${config.urls.userPool}/${config.pool.id}   (Cognito's protocol)
  Object store   ${config.urls.objectStore}   (${whose})
  Data           ${config.dataDir}

  Ctrl-C stops it; everything is kept.`)
}

/** What runs but cannot do its work, such as a worker without ffmpeg. */
async function warn(config: Config): Promise<void> {
  const answer = await fetch(`${config.urls.public}/health/ready`).catch(() => undefined)
  if (!answer || answer.ok) return
  const { dependencies } = (await answer.json()) as {
    dependencies: Record<string, { status: string; detail?: string }>
  }
  for (const [name, { status, detail }] of Object.entries(dependencies)) {
    if (status !== 'up') say(`\n  ${name}: ${detail}`)
  }
}

launch().catch((error) => {
  console.error(explain(error))
  process.exit(1)
})

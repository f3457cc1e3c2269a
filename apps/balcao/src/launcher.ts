import type { Config } from '@balcao/platform'
import { runProgram } from './run-program.ts'
import { processPlan } from './services.ts'
import { keepToStore } from './store-in-use.ts'

await runProgram(
  { env: process.env, terminal: console },
  {
    stopped: { sentence: 'Stopping …', code: 0 },
    run: async (config, env, processes) => {
      const word = await keepToStore(config)
      if (word) console.log(word)
      const ownStore = config.store.kind === 'embedded' ? [config.ports.objectStore] : []
      await processes.start(config, env, processPlan(config), [config.ports.http, config.ports.userPool, ...ownStore])
      announce(config)
      await warn(config)
      return undefined
    },
  },
)

function announce(config: Config): void {
  const whose = config.store.kind === 'embedded' ? "S3's protocol" : "S3's protocol, not ours"
  console.log(`
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
    if (status !== 'up') console.log(`\n  ${name}: ${detail}`)
  }
}

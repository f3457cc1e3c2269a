import type { Config } from '@balcao/platform'
import { loadConfig, withGeneratedKeys } from '@balcao/platform/open'
import { EX_CONFIG, exitCodeOf } from './exit-code.ts'
import { explain } from './explain.ts'
import { Processes } from './processes.ts'
import { PARTS } from './services.ts'

type Env = Record<string, string | undefined>

/** What only an entry touches. */
export interface Surroundings {
  readonly env: Env
  readonly terminal: Pick<Console, 'log' | 'error'>
}

export interface Program {
  /** Said when a signal stops it, and the code that it ends with then. */
  readonly stopped: { readonly sentence: string; readonly code: number }
  /** Said after what went wrong, where that may be another time. */
  readonly failed?: string
  /** @param env the keys of the installation among it
   *  @returns the code to end with; nothing where the processes go on until a signal stops it */
  run(config: Config, env: Env, processes: Processes): Promise<number | undefined>
}

/** Runs a program that starts processes of ours: they are stopped before it ends, be it done, stopped or failed. */
export async function runProgram({ env, terminal }: Surroundings, { stopped, failed, run }: Program): Promise<void> {
  const processes = new Processes((sentence) => terminal.log(sentence))
  let config: Config | undefined
  const end = async (code: number) => {
    await processes.stop((error) => terminal.error(explain(error, config)))
    process.exit(code)
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => {
      // Who asks twice does not want to wait.
      if (processes.isStopping) return processes.kill()
      terminal.log(`\n${stopped.sentence}`)
      void end(stopped.code)
    })
  try {
    const filled = await withGeneratedKeys(env)
    config = loadConfig(filled, PARTS)
    const code = await run(config, filled, processes)
    if (code !== undefined) await end(code)
  } catch (error) {
    // Who stopped it has heard so already, and what went away with that is no fault.
    if (processes.isStopping) return
    const code = exitCodeOf(error)
    terminal.error(`\n${explain(error, config)}`)
    if (failed && code !== EX_CONFIG) terminal.error(failed)
    await end(code)
  }
}

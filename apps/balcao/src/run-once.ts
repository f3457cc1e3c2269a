import { fork } from 'node:child_process'
import { once } from 'node:events'
import type { ChildOptions } from './child.ts'

/** Runs a process of ours to its end. @throws Error when that is not a good one; the process has said why */
export async function runOnce({ name, main, env, log }: Omit<ChildOptions, 'say' | 'stepsBack'>): Promise<void> {
  const child = fork(main, { env: { ...env }, detached: true, stdio: ['ignore', log, 'inherit', 'ipc'] })
  const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null]
  if (code !== 0) throw new Error(`${name} ended (${signal ?? `exit ${code}`}) before it was done.`)
}

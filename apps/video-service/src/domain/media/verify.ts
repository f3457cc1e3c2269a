import type { Plan } from './plan.ts'
import type { Probe } from './probe.ts'

/** Two durations of one film, in seconds, are the same: within half a second or one per cent, whichever is more. */
export function agree(one: number, other: number): boolean {
  return Math.abs(one - other) <= Math.max(0.5, other / 100)
}

/** Compares an output with what was planned. @param decoded seconds of film that the pass wrote
 *  @returns what is wrong with it, or undefined */
export function verify(output: Probe, plan: Plan, decoded: number): string | undefined {
  if (Boolean(output.video) !== Boolean(plan.picture)) return 'O MP4 não tem a imagem planejada.'
  if (Boolean(output.audio) !== Boolean(plan.sound)) return 'O MP4 não tem o som planejado.'
  if (output.durationSeconds === undefined || !agree(output.durationSeconds, decoded)) {
    return `O MP4 tem ${output.durationSeconds ?? 0} s em vez de ${decoded.toFixed(2)} s.`
  }
  return undefined
}

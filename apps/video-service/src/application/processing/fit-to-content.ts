import { span } from '@balcao/platform'
import { isEncoded, type Plan } from '../../domain/media/plan.ts'
import type { Probe } from '../../domain/media/probe.ts'
import { canBeFitted, fitted } from '../../domain/media/quality.ts'
import type { Workplace } from '../ports/transcoder.ts'

/** A plan whose best picture is as good as it should be, where it is encoded and a sample can tell. */
export async function fitToContent(
  place: Pick<Workplace, 'sample'>,
  plan: Plan,
  { durationSeconds = 0 }: Probe,
  signal: AbortSignal,
): Promise<Plan> {
  if (!isEncoded(plan) || !canBeFitted(plan.picture.rungs)) return plan
  const score = await span('sample', {}, () => place.sample(plan, durationSeconds, signal))
  if (score === undefined) return plan
  const { picture } = plan
  return { ...plan, picture: { ...picture, rungs: fitted(picture.rungs, score) } }
}

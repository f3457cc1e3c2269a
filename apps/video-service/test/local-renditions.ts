import type { LocalRendition, WrittenSegment } from '../src/application/ports/transcoder.ts'
import type { Plan } from '../src/domain/media/plan.ts'

/** What a pass wrote of the best picture and the sound. */
export function localRenditions(plan: Plan, segments: readonly WrittenSegment[]): LocalRendition[] {
  const sound = plan.picture?.rungs.length ?? 0
  const outputs = [...(plan.picture ? [0] : []), ...(plan.sound ? [sound] : [])]
  return outputs.map((output) => {
    const own = segments.filter((segment) => segment.output === output)
    const files = own.map(({ path, extent }) => ({ path, durationSeconds: extent.end - extent.begin }))
    return { initPath: own[0]!.initPath, segments: files }
  })
}

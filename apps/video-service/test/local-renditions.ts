import { join } from 'node:path'
import type { LocalRendition } from '../src/application/ports/packer.ts'
import type { Workplace, WrittenSegment } from '../src/application/ports/transcoder.ts'
import { nameOf } from '../src/application/processing/announced.ts'
import type { Plan } from '../src/domain/media/plan.ts'
import { isoPacker } from '../src/infrastructure/packing/iso-packer.ts'

/** What a pass wrote of the best picture and the sounds. */
function localRenditions(plan: Plan, segments: readonly WrittenSegment[]): LocalRendition[] {
  const pictures = plan.picture?.rungs.length ?? 0
  const outputs = [...(plan.picture ? [0] : []), ...plan.sounds.map((_, at) => pictures + at)]
  return outputs.map((output) => {
    const own = segments.filter((segment) => segment.output === output)
    const files = own.map(({ path, extent }) => ({ path, durationSeconds: extent.end - extent.begin }))
    return { name: nameOf(plan, output), initPath: own[0]!.initPath, segments: files }
  })
}

/** The file that people download of what a pass wrote. */
export async function mp4Of(place: Workplace, plan: Plan, segments: readonly WrittenSegment[]): Promise<string> {
  if (plan.download === 'source') return (await place.mp4()).path
  const path = join(place.dir, 'packed.mp4')
  await isoPacker.film(localRenditions(plan, segments), path, new AbortController().signal)
  return path
}

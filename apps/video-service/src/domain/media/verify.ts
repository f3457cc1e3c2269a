import { agree, type Extent, fallsShort } from './extent.ts'
import type { Plan } from './plan.ts'
import type { Probe } from './probe.ts'

/** What a pass wrote of each track; undefined where the plan has none. */
export interface Made {
  readonly picture: Extent | undefined
  readonly sound: Extent | undefined
}

/** Compares an output with what was planned and what the renditions hold, track by track: one may begin late or end
 *  early, as long as it does so everywhere.  @returns what is wrong with it, or undefined */
export function verify(output: Probe, plan: Plan, made: Made): string | undefined {
  if (Boolean(output.video) !== Boolean(plan.picture)) return 'O MP4 não tem a imagem planejada.'
  if (Boolean(output.audio) !== Boolean(plan.sound)) return 'O MP4 não tem o som planejado.'
  return differs('A imagem', output.video?.extent, made.picture) ?? differs('O som', output.audio?.extent, made.sound)
}

/** Whether something of an upload is missing in what was made of it: a track, or the end. One that does not say by itself
 *  how long it is has no end that could be missing. */
export function isPartial({ declared, durationSeconds, video, audio }: Probe, made: Made): boolean {
  const { picture, sound } = made
  if ((video && !picture) || (audio && !sound)) return true
  if (!declared) return false
  return (
    fallsShort(endOf(made), durationSeconds) ||
    (picture !== undefined && fallsShort(picture.end, video?.extent.end)) ||
    (sound !== undefined && fallsShort(sound.end, audio?.extent.end))
  )
}

/** Seconds of film. */
export const endOf = ({ picture, sound }: Made): number => Math.max(picture?.end ?? 0, sound?.end ?? 0)

function differs(track: string, found: Partial<Extent> | undefined, made: Extent | undefined): string | undefined {
  if (!found || !made) return undefined
  const { begin = 0, end = 0 } = found
  if (agree(begin, made.begin) && agree(end, made.end)) return undefined
  const told = (extent: Extent) => `${extent.begin.toFixed(2)} s a ${extent.end.toFixed(2)} s`
  return `${track} do MP4 vai de ${told({ begin, end })} em vez de ${told(made)}.`
}

import { agree, type Extent, fallsShort } from './extent.ts'
import type { Plan } from './plan.ts'
import type { Probe } from './probe.ts'

/** What a pass wrote of each track; undefined where the plan has none. */
export interface Made {
  readonly picture: Extent | undefined
  /** In the plan's order; undefined for one that gave nothing. */
  readonly sounds: readonly (Extent | undefined)[]
}

/** Compares an output with what was planned and what the renditions hold, track by track: one may begin late or end
 *  early, as long as it does so everywhere.  @returns what is wrong with it, or undefined */
export function verify(output: Probe, plan: Plan, made: Made): string | undefined {
  if (Boolean(output.video) !== Boolean(plan.picture)) return 'O MP4 não tem a imagem planejada.'
  const sounds = made.sounds.filter((extent) => extent !== undefined)
  if (output.sounds.length !== sounds.length) return 'O MP4 não tem o som planejado.'
  return [
    differs('A imagem', output.video?.extent, made.picture),
    ...output.sounds.map(({ extent }, at) => differs('O som', extent, sounds[at])),
  ].find((wrong) => wrong !== undefined)
}

/** Whether something of an upload is missing in what was made of it: a track, or the end. One that does not say by itself
 *  how long it is has no end that could be missing. */
export function isPartial({ declared, durationSeconds, video, sounds }: Probe, made: Made): boolean {
  const { picture } = made
  if ((video && !picture) || (sounds.length > 0 && !made.sounds.some((sound) => sound))) return true
  if (!declared) return false
  return (
    fallsShort(endOf(made), durationSeconds) ||
    (picture !== undefined && fallsShort(picture.end, video?.extent.end)) ||
    made.sounds.some((sound, at) => sound && fallsShort(sound.end, sounds[at]?.extent.end))
  )
}

/** Seconds of film. */
export const endOf = ({ picture, sounds }: Made): number =>
  Math.max(...[picture, ...sounds].map((extent) => extent?.end ?? 0))

function differs(track: string, found: Partial<Extent> | undefined, made: Extent | undefined): string | undefined {
  if (!found || !made) return undefined
  const { begin = 0, end = 0 } = found
  if (agree(begin, made.begin) && agree(end, made.end)) return undefined
  const told = (extent: Extent) => `${extent.begin.toFixed(2)} s a ${extent.end.toFixed(2)} s`
  return `${track} do MP4 vai de ${told({ begin, end })} em vez de ${told(made)}.`
}

import type { EncodedPicture, Plan } from '../../domain/media/plan.ts'
import { announcedCodec, avcCodec } from '../../domain/media/rfc6381.ts'
import type { Rendition } from '../ports/films.ts'

/** Bits a second of the sound, and a little more. */
const AUDIO_BIT_RATE = 140_000
const NO_PICTURE = { width: undefined, height: undefined, frameRate: undefined }

/** What a rendition says of itself before it is complete: no less than what comes, where that is bounded.
 *  @param output its place in the plan: the pictures, best first, then the sounds  @param init as ffmpeg wrote it */
export function announced(plan: Plan, output: number, init: Buffer, initKey: string): Rendition {
  const { picture, sounds } = plan
  const rung = picture?.rungs[output]
  if (!picture || !rung) {
    const bandwidth = AUDIO_BIT_RATE
    const { codecs, language, title, role } = sounds[output - (picture?.rungs.length ?? 0)]!
    return {
      name: nameOf(plan, output),
      kind: 'audio',
      bandwidth,
      averageBandwidth: bandwidth,
      ...NO_PICTURE,
      codecs,
      track: { language, title, role },
      initKey,
    }
  }
  const { frameRate } = picture
  const bandwidth = 'maxRate' in rung ? rung.maxRate : 0
  const codecs = avcCodec(init)
  return { ...rung, kind: 'video', bandwidth, averageBandwidth: bandwidth, frameRate, codecs, initKey }
}

/** The pictures that are to be encoded, before there is anything of them. */
export function planned({ rungs, frameRate }: EncodedPicture): Rendition[] {
  return rungs.map((rung) => {
    const bandwidth = rung.maxRate
    const codecs = announcedCodec(rung, frameRate)
    return { ...rung, kind: 'video', bandwidth, averageBandwidth: bandwidth, frameRate, codecs, initKey: undefined }
  })
}

/** Whether a rendition of that name is a sound. */
export const isSound = (name: string) => /^audio\d*$/.test(name)

/** What a rendition is called: by its height, or `audio`, `audio1`, `audio2` … */
export function nameOf({ picture }: Plan, output: number): string {
  const sound = output - (picture?.rungs.length ?? 0)
  return picture?.rungs[output]?.name ?? (sound === 0 ? 'audio' : `audio${sound}`)
}

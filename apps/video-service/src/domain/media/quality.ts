import type { Rung } from './ladder.ts'

/** A rung that is encoded. */
export interface EncodedRung extends Rung {
  /** x264's constant rate factor: six more are about half the bytes. */
  readonly crf: number
  /** Bits a second, at most. */
  readonly maxRate: number
}

/** Of the best picture as long as nobody knows what its content needs, and of the sample that tells. */
const BEST_CRF = 20
/** Of the only one, which is small, and which nothing tells about before its preview. */
const ONLY_CRF = 18
/** Who sees a smaller one has little to see it by. */
const SMALLER_CRF = 23
/** Bits a second at 1080p. With the buffer that is twice as large H.264's level 4.0 still holds the best one. */
const BEST_RATE = 15_000_000
const SMALLER_RATE = 6_000_000

/** VMAF that a sample is to have: a film is seldom as good as its sample, and none is to be below 93 (docs/adr/0015). */
const SAMPLE_VMAF = 94.5
/** What one crf more costs where it costs most. */
const VMAF_PER_CRF = 0.9
const CRF_BOUNDS = { best: 15, worst: 26 }

/** How each rung is encoded.  @param rungs best first  @param frameRate frames a second */
export function encodedRungs(rungs: readonly Rung[], frameRate: number): EncodedRung[] {
  return rungs.map((rung, index) => ({
    ...rung,
    crf: rungs.length === 1 ? ONLY_CRF : index === 0 ? BEST_CRF : SMALLER_CRF,
    maxRate: maxRate(rung, frameRate, index === 0 ? BEST_RATE : SMALLER_RATE),
  }))
}

/** Falls a little slower than the area. */
function maxRate({ width, height }: Rung, frameRate: number, at1080: number): number {
  const byArea = at1080 * ((width * height) / (1920 * 1080)) ** 0.75
  return Math.round((byArea * (frameRate > 31 ? 1.4 : 1)) / 1000) * 1000
}

/** Whether the best picture may be encoded as its content needs: the only one goes on with its preview, which was made
 *  before anybody could tell. */
export const canBeFitted = (rungs: readonly EncodedRung[]): boolean => rungs.length > 1

/** Rungs the best of which is as good as it should be, and no better.
 *  @param rungs best first  @param score VMAF of a sample of the best as it is in them, 0 … 100 */
export function fitted([best, ...smaller]: readonly EncodedRung[], score: number): EncodedRung[] {
  const wanted = Math.round(best!.crf + (score - SAMPLE_VMAF) / VMAF_PER_CRF)
  const crf = Math.min(CRF_BOUNDS.worst, Math.max(CRF_BOUNDS.best, wanted))
  return [{ ...best!, crf }, ...smaller]
}

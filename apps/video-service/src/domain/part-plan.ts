const MiB = 1024 ** 2
const SMALLEST_PART = 16 * MiB
/** S3 ends at 10,000 parts; the rest is room. */
const PARTS_AIMED_AT = 9_500

export interface PartPlan {
  /** Bytes of every part but the last. */
  readonly partSize: number
  readonly partCount: number
}

/** How a file is cut: 16 MiB or more, whole MiB, at most 9,500 parts (VIDEO.md; 5 TB → 9,499 parts of 502 MiB).
 *  @param size bytes, at least 1 */
export function planParts(size: number): PartPlan {
  const wanted = Math.max(SMALLEST_PART, Math.ceil(size / PARTS_AIMED_AT))
  const partSize = Math.ceil(wanted / MiB) * MiB
  return { partSize, partCount: Math.ceil(size / partSize) }
}

/** Bytes of part `number`, counted from 1. */
export function sizeOfPart(number: number, size: number, partSize: number): number {
  return Math.min(partSize, size - (number - 1) * partSize)
}

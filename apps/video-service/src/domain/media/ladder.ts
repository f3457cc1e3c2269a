/** One quality of the picture. */
export interface Rung {
  /** What a person calls it, the number before "p". */
  readonly name: string
  readonly width: number
  readonly height: number
}

/** Long and short side of each quality, best first. */
const boxes = [
  { name: '1080', long: 1920, short: 1080 },
  { name: '720', long: 1280, short: 720 },
  { name: '480', long: 854, short: 480 },
] as const

/** A rung that is nearly as large as the one above is not worth its bytes. */
const worthwhile = 0.8

/** The nearest even number of points, but not one more than the source has. */
const even = (value: number, source: number) => {
  const nearest = 2 * Math.round(value / 2)
  return Math.max(2, nearest > source ? nearest - 2 : nearest)
}

/** The qualities for a picture of `width` × `height` (upright, square pixels): the best is the source itself or what
 *  fits 1920 × 1080 (either way up), never larger than the source; sides are even, as H.264 4:2:0 needs. */
export function ladder(width: number, height: number): Rung[] {
  const rungs: Rung[] = []
  for (const box of boxes) {
    const scale = Math.min(1, box.long / Math.max(width, height), box.short / Math.min(width, height))
    const rung = { width: even(width * scale, width), height: even(height * scale, height) }
    const above = rungs.at(-1)
    if (above && rung.width > above.width * worthwhile) continue
    const fills =
      Math.max(rung.width, rung.height) >= box.long - 2 || Math.min(rung.width, rung.height) >= box.short - 2
    const own = String(Math.min(rung.width, rung.height))
    // A wide picture may be as high as the box below that it is narrowed to.
    rungs.push({ name: fills && above?.name !== box.name ? box.name : own, ...rung })
  }
  return rungs
}

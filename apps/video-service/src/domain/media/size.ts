/** Pixels. */
export interface Size {
  readonly width: number
  readonly height: number
}

/** The same shape with such a long side. Sides are even, as half as many samples of colour need. */
export function withLongSide({ width, height }: Size, longSide: number): Size {
  const factor = longSide / Math.max(width, height)
  const side = (length: number) => Math.max(2, 2 * Math.round((length * factor) / 2))
  return { width: side(width), height: side(height) }
}

/** The same shape with a long side of so much at most. */
export const fitLongSide = (size: Size, longSide: number): Size =>
  withLongSide(size, Math.min(longSide, Math.max(size.width, size.height)))

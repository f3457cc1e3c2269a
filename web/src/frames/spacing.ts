import { type FramesBody, MAX_FRAMES } from '@balcao/contracts'

export type Kind = 'interval' | 'count'

export interface Choice {
  readonly kind: Kind
  readonly value: number
}

/** What may be typed, for each way to choose. */
export const bounds: Readonly<Record<Kind, { readonly least: number; readonly most: number }>> = {
  interval: { least: 0.1, most: 60 },
  count: { least: 1, most: MAX_FRAMES },
}

export function isInBounds({ kind, value }: Choice): boolean {
  const { least, most } = bounds[kind]
  return Number.isFinite(value) && value >= least && value <= most && (kind === 'interval' || Number.isInteger(value))
}

/** How many images a choice gives. @param seconds of the film */
export function imagesOf({ kind, value }: Choice, seconds: number): number {
  return kind === 'count' ? value : Math.max(1, Math.ceil(seconds / value - 1e-6))
}

export const bodyOf = ({ kind, value }: Choice): FramesBody =>
  kind === 'count' ? { count: value } : { everySeconds: value }

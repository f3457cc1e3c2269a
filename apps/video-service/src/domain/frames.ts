import type { JobState } from '@balcao/kernel'
import type { Problem } from './problem.ts'

/** Images in one ZIP. */
export const MAX_IMAGES = 1000
/** Requests of one person that wait or are worked on at a time. */
export const MAX_OPEN_REQUESTS = 5
/** Requests that a video keeps. */
export const MAX_KEPT_REQUESTS = 50
/** Days that a ZIP is kept, and a request that came to none. */
const KEPT_DAYS = 7

/** What a person asks for: an image every so many seconds (0.1 … 60), or so many over the whole film. */
export type Spacing = { readonly everySeconds: number } | { readonly count: number }

/** A request for images of a video. */
export interface Frames {
  readonly id: string
  readonly videoId: string
  /** `sub` of the person. */
  readonly owner: string
  readonly state: JobState
  readonly everySeconds: number | undefined
  readonly count: number | undefined
  /** 0 … 100. */
  readonly percent: number
  readonly etaSeconds: number | undefined
  readonly problem: Problem | undefined
  /** The ZIP, once it is there; `size` in bytes, `sha256` in hexadecimal. */
  readonly zip:
    | {
        readonly key: string
        readonly images: number
        readonly size: number
        readonly sha256: string
        readonly expiresAt: Date
      }
    | undefined
  readonly createdAt: Date
}

/** When images are taken: `images` of them, the first at the film's beginning, each `everySeconds` after the one before. */
export interface FramePlan {
  readonly images: number
  readonly everySeconds: number
}

/** @param durationSeconds of the film */
export function planFrames(spacing: Spacing, durationSeconds: number): FramePlan {
  if ('count' in spacing) return { images: spacing.count, everySeconds: durationSeconds / spacing.count }
  const { everySeconds } = spacing
  // What begins with the last instant of the film has no frame any more.
  return { images: Math.max(1, Math.ceil(durationSeconds / everySeconds - 1e-6)), everySeconds }
}

/** `00042_00h01m23.5s.jpg`: in order, and when it is. @param number 1, 2, 3 … */
export function imageName(number: number, { everySeconds }: FramePlan): string {
  const tenths = Math.round((number - 1) * everySeconds * 10)
  const two = (value: number) => String(value).padStart(2, '0')
  const [hours, minutes] = [Math.floor(tenths / 36_000), Math.floor(tenths / 600) % 60]
  const seconds = `${two(Math.floor(tenths / 10) % 60)}.${tenths % 10}`
  return `${String(number).padStart(5, '0')}_${two(hours)}h${two(minutes)}m${seconds}s.jpg`
}

export function expiryOf(now: Date): Date {
  return new Date(now.getTime() + KEPT_DAYS * 86_400_000)
}

/** Requests that failed or were cancelled before this moment are kept no longer. */
export function framesKeptSince(now: Date): Date {
  return new Date(now.getTime() - KEPT_DAYS * 86_400_000)
}

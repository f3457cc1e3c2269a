import type { ManualClock } from '@balcao/kernel'
import type { Client } from './client.ts'
import type { Model, Name, Thing } from './model.ts'

/** What somebody is told. */
export interface Answer {
  readonly code: string
  readonly etag?: string | undefined
  /** What was read. */
  readonly found?: unknown
  /** Of a new upload. */
  readonly id?: string | undefined
}

/** A moment in which a command looks at what there is, or changes it. One that gives an answer is the last.
 *  @param told what was answered in truth, where somebody heard it */
export type Moment = (model: Model, told: Answer | undefined) => Answer | undefined

/** Something that is asked of the store, and what it means. */
export interface Command {
  ask(client: Client): Promise<Answer>
  /** In their order; between two of them somebody else may come. */
  moments(): readonly Moment[]
  /** What may happen before that, or not, without anybody being told. */
  readonly mayBegin?: Moment
}

/** In what a command is asked for. */
export interface Surroundings {
  readonly model: Model
  readonly clock: ManualClock
  /** The bucket of whose new objects others are told. */
  readonly announced: string
  /** Whether nobody writes meanwhile: then a sweep need not leave young files alone. */
  readonly alone: boolean
}

export const CONDITIONS = ['always', 'nothing there', 'something there', 'unchanged', 'another version'] as const
/** On what is there. */
export type Condition = (typeof CONDITIONS)[number]

/** What a condition is in a request: made of what there is now, held against what there will be then. */
export interface Asked {
  readonly ifMatch: string | undefined
  readonly ifNoneMatch: string | undefined
}

const NO_ETAG = '0'.repeat(32)

export function asked(condition: Condition, thing: Thing | undefined): Asked {
  const ifMatch = {
    always: undefined,
    'nothing there': undefined,
    'something there': '*',
    unchanged: `"${thing?.etag ?? NO_ETAG}"`,
    'another version': `"${NO_ETAG}"`,
  }[condition]
  return { ifMatch, ifNoneMatch: condition === 'nothing there' ? '*' : undefined }
}

export const inHeaders = ({ ifMatch, ifNoneMatch }: Asked) => ({ 'if-match': ifMatch, 'if-none-match': ifNoneMatch })

/** @returns the code of its refusal, if it does not hold */
export function refusalOf({ ifMatch, ifNoneMatch }: Asked, thing: Thing | undefined): string | undefined {
  if (ifNoneMatch && thing) return 'PreconditionFailed'
  if (!ifMatch) return undefined
  if (!thing) return 'NoSuchKey'
  return ifMatch === '*' || ifMatch === `"${thing.etag}"` ? undefined : 'PreconditionFailed'
}

/** First and last byte. */
export type Range = readonly [first: number, last: number]

export type { Name }

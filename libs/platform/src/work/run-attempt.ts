import { setTimeout as pause } from 'node:timers/promises'
import { span } from '../observability/span.ts'
import { type Attempt, Superseded } from './attempt.ts'
import type { Lease } from './lease.ts'
import type { WorkMachine } from './work-machine.ts'

/** Tries that end by a fault of ours before a job is given up. */
const MAX_FAILURES = 3
/** Milliseconds before a job that has to wait for something is offered again. */
const PAUSE_MS = 5000

/** What an error means for its job: it is done `never` again; once more, which `counts` as a failure; or it `waits`
 *  for something that is no fault of the job. */
export interface Verdict<Problem> {
  readonly problem: Problem
  readonly again: 'never' | 'counts' | 'waits'
}

/** The ends of an attempt, each with what belongs to it in its transaction. All throw Superseded where the attempt is no
 *  longer the job's. */
export interface AttemptEnds<Job extends Attempt, Problem> {
  /** What was asked for can never be made. */
  reject(job: Job, problem: Problem): Promise<void>
  /** It failed too often by a fault of ours. */
  giveUp(job: Job, problem: Problem): Promise<void>
  /** To be done again, with the problem shown meanwhile. @param counts whether this try ended by a fault of ours */
  handBack(job: Job, problem: Problem | undefined, counts: boolean): Promise<void>
}

export interface Attempting<Job extends Attempt, Problem> {
  /** Of its span, and what it tells of a job beside its id and attempt. */
  readonly name: string
  readonly attributes: (job: Job) => Readonly<Record<string, string>>
  readonly work: Pick<WorkMachine, 'hold'>
  /** @returns undefined when there is nothing to do, or a living worker does it */
  readonly claim: () => Promise<Job | undefined>
  readonly ends: AttemptEnds<Job, Problem>
  /** Makes what was asked for and ends the attempt; may throw. @param signal aborts when the job is no longer ours */
  readonly make: (job: Job, lease: Lease, signal: AbortSignal) => Promise<void>
  readonly judge: (error: unknown) => Verdict<Problem>
  /** Told of an error that is ours, for the operator's log. */
  readonly onStumble: (job: Job, error: unknown) => void
}

/** Does a job if it is there to be done: claims it, holds its lease, makes it, and decides by the error what becomes
 *  of one that could not be made. However it ends, the job's row says so.
 *  @param stop aborts when the worker must hand back; the job is then done again elsewhere
 *  @returns whether there was a job to be done */
export async function runAttempt<Job extends Attempt, Problem>(
  stop: AbortSignal,
  how: Attempting<Job, Problem>,
): Promise<boolean> {
  const job = await how.claim()
  if (!job) return false
  const lease = how.work.hold(job)
  try {
    const attributes = { ...how.attributes(job), 'job.id': job.id, 'job.attempt': job.number }
    await span(how.name, attributes, () => how.make(job, lease, AbortSignal.any([stop, lease.signal])))
  } catch (error) {
    if (!(error instanceof Superseded)) await recover(job, error, stop, how).catch(unlessSuperseded)
  } finally {
    lease.stop()
  }
  return true
}

async function recover<Job extends Attempt, Problem>(
  job: Job,
  error: unknown,
  stop: AbortSignal,
  { ends, judge, onStumble }: Attempting<Job, Problem>,
): Promise<void> {
  if (stop.aborted) return ends.handBack(job, undefined, false)
  const { problem, again } = judge(error)
  if (again === 'never') return ends.reject(job, problem)
  onStumble(job, error)
  if (again === 'counts' && job.failures + 1 >= MAX_FAILURES) return ends.giveUp(job, problem)
  if (again === 'waits') await pause(PAUSE_MS, undefined, { signal: stop }).catch(() => undefined)
  await ends.handBack(job, problem, again === 'counts')
}

function unlessSuperseded(error: unknown): void {
  if (!(error instanceof Superseded)) throw error
}

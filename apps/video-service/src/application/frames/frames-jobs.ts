import type { AttemptEnds } from '@balcao/platform'
import type { Frames } from '../../domain/frames.ts'
import { waitOf } from '../../domain/job.ts'
import type { Problem } from '../../domain/problem.ts'
import type { Needs } from '../needs.ts'
import type { FramesAttempt } from '../ports/frames.ts'

type Needed = Pick<Needs, 'frames' | 'framesWork' | 'queue' | 'tell'>

/** The steps of a job for images, each with what belongs to it. */
export class FramesJobs implements AttemptEnds<FramesAttempt, Problem> {
  constructor(private readonly need: Needed) {}

  /** @returns undefined when it is done, cancelled, unknown, of a video in the trash, or a living worker has it */
  claim(framesId: string): Promise<FramesAttempt | undefined> {
    const { framesWork, frames } = this.need
    return framesWork.claim(framesId, () => frames.setProblem(framesId, undefined))
  }

  /** The ZIP is there; its owner is told. @throws Superseded */
  finish(job: FramesAttempt, zip: NonNullable<Frames['zip']>): Promise<void> {
    const { framesWork, frames, tell } = this.need
    const { images, expiresAt } = zip
    return framesWork.finish(job, async () => {
      await frames.setZip(job.id, zip)
      await tell.frames_ended({ ...ended(job), result: 'done', images, expiresAt: expiresAt.toISOString() })
    })
  }

  /** For good; its owner is told, and may ask for it again. @throws Superseded */
  giveUp(job: FramesAttempt, problem: Problem): Promise<void> {
    const { framesWork, frames, tell } = this.need
    return framesWork.giveUp(job, async () => {
      await frames.setProblem(job.id, problem)
      await tell.frames_ended({ ...ended(job), result: 'failed', images: null, expiresAt: null })
    })
  }

  /** No images can be made of that video. @throws Superseded */
  reject(job: FramesAttempt, problem: Problem): Promise<void> {
    return this.giveUp(job, problem)
  }

  /** To be done again, with the problem shown meanwhile. @throws Superseded */
  handBack(job: FramesAttempt, problem: Problem | undefined, counts: boolean): Promise<void> {
    const { framesWork, frames, queue } = this.need
    const then = async (delaySeconds: number) => {
      await frames.setProblem(job.id, problem)
      await queue.enqueue('make-frames', { framesId: job.id }, { key: job.id, delaySeconds })
    }
    return framesWork.handBack(job, counts, then, waitOf(problem, counts))
  }
}

const ended = ({ id, videoId, owner, number }: FramesAttempt) => ({ framesId: id, videoId, owner, attempt: number })

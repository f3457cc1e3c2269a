import type { Plan } from '../../domain/media/plan.ts'
import type { Probe } from '../../domain/media/probe.ts'
import type { FilmInWork } from '../ports/films.ts'
import type { FilmAttempt } from '../ports/jobs.ts'
import type { Workplace } from '../ports/transcoder.ts'

/** One attempt at a film, once its upload was looked at. */
export interface Making {
  readonly job: FilmAttempt
  readonly film: FilmInWork
  readonly place: Workplace
  readonly probe: Probe
  readonly plan: Plan
}

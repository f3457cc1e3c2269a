import { defineStates, type StateOf } from './states.ts'

/** The states of a job. `running → waiting` is a worker that hands back, or one that died; `failed → waiting` and
 *  `cancelled → waiting` somebody who asks for it again. */
export const jobStates = defineStates({
  waiting: ['running', 'cancelled'],
  running: ['waiting', 'done', 'failed', 'cancelled'],
  done: [],
  failed: ['waiting'],
  cancelled: ['waiting'],
})
export type JobState = StateOf<typeof jobStates>

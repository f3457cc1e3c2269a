import { defineStates, type StateOf } from '@balcao/kernel'

/** What an upload of this page does, and what may follow. Pausing: no other part leaves, those on their way still
 *  arrive. Waiting: until the back-off is over. */
export const uploadStates = defineStates({
  preparing: ['duplicate', 'needs_file', 'uploading', 'failed', 'done'],
  duplicate: ['preparing'],
  needs_file: ['preparing'],
  uploading: ['waiting', 'pausing', 'paused', 'completing', 'needs_file', 'failed', 'done'],
  waiting: ['uploading', 'paused'],
  pausing: ['paused', 'uploading', 'needs_file', 'failed', 'done'],
  paused: ['uploading'],
  completing: ['uploading', 'failed', 'done'],
  failed: ['preparing'],
  done: [],
})

export type UploadState = StateOf<typeof uploadStates>

/** States in which closing the page would stop something. */
export const isBusy = (state: UploadState): boolean =>
  ['preparing', 'uploading', 'waiting', 'pausing', 'completing'].includes(state)

/** Codes sent by e-mail, kept as keyed hashes. The newest kills older ones. */
export interface Codes {
  /** Makes `code` the subject's only one. False where the last was sent a moment ago, or too many were. */
  issue(subject: string, code: string, now: Date): Promise<boolean>
  /** Counts a try. `expired`: there is no code, it is too old, or its tries are used up.
   *  A right code is used up by this call: of two callers one gets `right`. */
  redeem(subject: string, code: string, now: Date): Promise<'right' | 'wrong' | 'expired'>
  /** Lets a subject that was never sent anything look like one that was. */
  pretend(subject: string, now: Date): Promise<void>
}
